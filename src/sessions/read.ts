// The one way into a log: its head, its events, its last prompts.
import { ExpectedError, hasCode } from "../system/errors.ts";
import { readFirstRecords, scanLastRecords } from "../system/record-edges.ts";
import { scanRecords } from "../system/records.ts";
import { readCodexHead } from "./codex/head.ts";
import { mayBePrompt } from "./codex/kinds.ts";
import { CodexParser } from "./codex/parse.ts";
import { decode } from "./codex/schema.ts";
import type { ParserState } from "./codex/state.ts";
import type { LogParser, ReadingPoint, SessionEvent, SessionHead, Tally, Tool } from "./events.ts";

/** A native log on disk. */
export interface LogRef {
  tool: Tool;
  path: string;
}

/** A stretch of a log, in uncompressed bytes; it begins and ends where records do. */
export interface LogRange {
  from: number;
  to: number;
}

/** What the log says of itself, from its first records. */
export async function readHead(log: LogRef): Promise<SessionHead> {
  refuseClaude(log.tool);
  const head = readCodexHead(await firstRecords(log.path));
  if (head === null) {
    throw new ExpectedError(`\`${log.path}\` is no Codex session log`, {
      hint: "a session log begins with a `session_meta` record; try `ctx find-source`",
    });
  }
  return head;
}

/**
 * Hands the events of a range to the caller, in file order; what the range leaves open comes last. With an event comes
 * the point right before it, where it is one from which reading could begin anew; `before` is what is known at such a
 * point, if the range begins there.
 */
export async function readEvents(
  log: LogRef,
  range: LogRange,
  onEvent: (event: SessionEvent, point: ReadingPoint | null) => void,
  before: ParserState | null = null,
): Promise<{ tally: Tally; end: number }> {
  const parser = parserOf(await readHead(log), before);
  const { end } = await scanRecords(log.path, range, {
    wants: (head, offset) => parser.wants(head, offset),
    record(bytes, offset) {
      for (const event of parser.record(bytes, offset)) onEvent(event, parser.pointBefore(event));
    },
    tooLong: (offset) => parser.tooLong(offset),
  });
  for (const event of parser.finish()) onEvent(event, null);
  return { tally: parser.tally, end };
}

/** The last prompts of a range, oldest first; only the end of the range is read. */
export async function readPrompts(log: LogRef, range: LogRange, last: number): Promise<string[]> {
  if (last <= 0 || range.to <= range.from) return [];
  const head = await readHead(log);
  let prompts: string[] = [];
  let parser = parserOf(head);
  const take = (event: SessionEvent) => {
    if (event.kind === "prompt") prompts.push(event.text);
  };
  const attempt = () => {
    prompts = [];
    parser = parserOf(head);
    return {
      wants: (bytes: Uint8Array) => mayBePrompt(decode(bytes)),
      record: (bytes: Uint8Array, offset: number) => parser.record(bytes, offset).forEach(take),
    };
  };
  await scanLastRecords(log.path, range, attempt, () => prompts.length >= last);
  parser.finish().forEach(take);
  return prompts.slice(-last);
}

function parserOf(head: SessionHead, before: ParserState | null = null): LogParser & { tooLong(offset: number): void } {
  return new CodexParser(head.cwd, before);
}

async function firstRecords(path: string): Promise<Buffer[]> {
  try {
    return await readFirstRecords(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EISDIR", "EACCES")) throw error;
    throw new ExpectedError(`\`${path}\` cannot be read`, { cause: error });
  }
}

function refuseClaude(tool: Tool): void {
  if (tool === "claude") throw new ExpectedError("reading Claude Code logs is not supported yet");
}
