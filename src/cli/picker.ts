// A list a person picks from, on standard error: what a program reads is standard output.
import { Writable } from "node:stream";
import { autocomplete, isCancel } from "@clack/prompts";
import { writeStderr } from "../system/stderr.ts";
import { TerminalInput } from "../system/terminal-input.ts";

const MOST_SHOWN = 12;
/** What stands before each line: a rule, a mark and the spaces between. The last column stays free. */
const FRAME = 6;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface List<Item> {
  message: string;
  items: readonly Item[];
  /** The items as lines of a width. */
  lines: (columns: number) => string[];
  /** Whether an item is one that is searched for. */
  fits: (item: Item | undefined, search: string) => boolean;
  /** What is said where none fits. */
  nothing: string;
}

export interface Pick<Item> {
  /** Null when nothing was picked. */
  item: Item | null;
  /** What ended the picking, where it was no key. */
  signal: NodeJS.Signals | null;
}

/** Lets the person pick one. The terminal is left as it was found, whatever happens. */
export async function pickFrom<Item>({ message, items, lines, fits, nothing }: List<Item>): Promise<Pick<Item>> {
  const screen = new Screen();
  const input = new TerminalInput();
  const ending = new AbortController();
  let signal: NodeJS.Signals | null = null;
  const end = (name: NodeJS.Signals) => {
    signal = name;
    ending.abort();
  };
  const hangUp = () => ending.abort();
  for (const name of SIGNALS) process.on(name, end);
  process.on("SIGWINCH", screen.resize);
  input.on("end", hangUp).on("error", hangUp);
  try {
    const picked = await autocomplete({
      message,
      options: lines(screen.columns - FRAME).map((label, index) => ({ value: index, label })),
      filter: (search, { value }) => fits(items[value], search),
      validate: (value) => (value === undefined ? nothing : undefined),
      maxItems: MOST_SHOWN,
      input,
      output: screen,
      signal: ending.signal,
    });
    return { item: isCancel(picked) ? null : (items[picked] ?? null), signal };
  } finally {
    input.destroy();
    process.removeListener("SIGWINCH", screen.resize);
    for (const name of SIGNALS) process.removeListener(name, end);
  }
}

/** Standard error, written to at once: nothing may come after the tool has begun to draw. */
class Screen extends Writable {
  readonly isTTY = true;
  readonly resize = () => {
    this.emit("resize");
  };

  get columns(): number {
    return process.stderr.columns || 80;
  }

  get rows(): number {
    return process.stderr.rows || 24;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    writeStderr(chunk.toString());
    done();
  }
}
