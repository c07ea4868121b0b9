// The list a person picks a session from, on standard error: what a program reads is standard output.
import { Writable } from "node:stream";
import { autocomplete, isCancel } from "@clack/prompts";
import { writeStderr } from "../system/stderr.ts";
import { TerminalInput } from "../system/terminal-input.ts";
import { type Listed, sessionLines } from "./session-lines.ts";

const MOST_SHOWN = 12;
/** What stands before each line: a rule, a mark and the spaces between. The last column stays free. */
const FRAME = 6;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export interface Picked<Session> {
  /** Null when nothing was picked. */
  session: Session | null;
  /** What ended the picking, where it was no key. */
  signal: NodeJS.Signals | null;
}

/** Lets the person pick one. The terminal is left as it was found, whatever happens. */
export async function pickSession<Session extends Listed>(
  sessions: readonly Session[],
  message: string,
  now: Date,
): Promise<Picked<Session>> {
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
    const lines = sessionLines(sessions, now, screen.columns - FRAME);
    const picked = await autocomplete({
      message,
      options: lines.map((label, index) => ({ value: index, label })),
      filter: (search, { value }) => fits(sessions[value], search),
      validate: (value) => (value === undefined ? "No session fits" : undefined),
      maxItems: MOST_SHOWN,
      input,
      output: screen,
      signal: ending.signal,
    });
    return { session: isCancel(picked) ? null : (sessions[picked] ?? null), signal };
  } finally {
    input.destroy();
    process.removeListener("SIGWINCH", screen.resize);
    for (const name of SIGNALS) process.removeListener(name, end);
  }
}

/** Whether every word of a search stands in a session's label or files, or begins its id. */
function fits(session: Listed | undefined, search: string): boolean {
  if (session === undefined) return false;
  const { id, label, files } = session;
  const text = [label ?? "", ...(files ?? [])].join("\n").toLowerCase();
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word) || id.startsWith(word));
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
