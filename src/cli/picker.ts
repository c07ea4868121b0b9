// Lists to choose from, on standard error: standard output may be read by a program.
import { Writable } from "node:stream";
import { autocomplete, isCancel } from "@clack/prompts";
import { writeStderr } from "../system/stderr.ts";
import { TerminalInput } from "../system/terminal-input.ts";
import { type Listed, sessionLines } from "./session-lines.ts";

const MAX_SHOWN = 12;
/** The columns in front of each line, and the last column, which stays empty. */
const FRAME = 6;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface List<Item> {
  message: string;
  items: readonly Item[];
  /** The items as lines that fit a number of columns. */
  lines: (columns: number) => string[];
  /** Whether an item matches what was typed. */
  matches: (item: Item | undefined, search: string) => boolean;
  /** Shown when no item matches. */
  empty: string;
}

export interface Pick<Item> {
  /** Null when nothing was chosen. */
  item: Item | null;
  /** The signal that ended the choice, if any. */
  signal: NodeJS.Signals | null;
}

/** Asks the user to choose an item. Restores the terminal, whatever happens. */
export async function pickFrom<Item>({ message, items, lines, matches, empty }: List<Item>): Promise<Pick<Item>> {
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
      filter: (search, { value }) => matches(items[value], search),
      validate: (value) => (value === undefined ? empty : undefined),
      maxItems: MAX_SHOWN,
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

/** Asks the user to choose a session; without a choice, returns the signal to exit with. */
export async function pickSession<Session extends Listed>(
  sessions: readonly Session[],
  message: string,
  now: Date,
): Promise<Session | { signal: NodeJS.Signals }> {
  const lines = (columns: number) => sessionLines(sessions, now, columns);
  const { item, signal } = await pickFrom({ message, items: sessions, lines, matches, empty: "No session matches" });
  return item ?? { signal: signal ?? "SIGINT" };
}

/** Whether each word of a search is in a session's label or files, or starts its id. */
function matches(session: Listed | undefined, search: string): boolean {
  if (session === undefined) return false;
  const { id, label, files } = session;
  const text = [label ?? "", ...(files ?? [])].join("\n").toLowerCase();
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word) || id.startsWith(word));
}

/** Standard error, written synchronously: nothing may be printed after the tool has started to draw. */
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
