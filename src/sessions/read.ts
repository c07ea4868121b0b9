// Reads a native log: its head, its events, its last prompts.
import { nullIfUnreadable } from "../agents/log-heads.ts";
import type { ParserState, ResumePoint } from "../agents/log-parser.ts";
import type { ParseStats } from "../agents/parse-stats.ts";
import { agentOf, readerOf } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import type { SessionEvent } from "../events/event.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { scanLastRecords, scanRecords } from "../system/records.ts";

/** A native log on disk. */
export interface LogRef {
  tool: Tool;
  path: string;
  /** The head of the log, if the caller has read it already. */
  head?: SessionHead;
}

/** A log whose head was read. */
export interface LogWithHead extends LogRef {
  head: SessionHead;
}

/** Part of a log in uncompressed bytes. It begins and ends at record boundaries. */
export interface LogRange {
  from: number;
  to: number;
}

/** Reads the head of a log, unless it is known. Throws an `ExpectedError` if the file is not a log of the tool. */
export async function readHead({ tool, path, head: known }: LogRef): Promise<SessionHead> {
  if (known !== undefined) return known;
  const { readHead } = await readerOf(tool);
  const head = await readHead(path).catch((error) => {
    if (!hasCode(error, "ENOENT", "EISDIR", "EACCES")) throw error;
    throw new ExpectedError(`\`${path}\` cannot be read`, {
      hint: "check that it is a file you may read",
      cause: error,
    });
  });
  if (head !== null) return head;
  throw new ExpectedError(`\`${path}\` is not a ${agentOf(tool).name} session log, or has no messages yet`, {
    hint: `run \`ctx find-source --tool ${tool}\` to find one`,
  });
}

/** The time of a log's last record, ISO 8601 UTC; null if it has none, or cannot be read. */
export async function lastTimestamp(tool: Tool, path: string): Promise<string | null> {
  const reader = await readerOf(tool);
  return await nullIfUnreadable(() => reader.lastTimestamp(path));
}

/**
 * Passes the events of a range to `onEvent`, in file order; events that are still open at its end come last. With an
 * event comes the point right before it, if parsing can resume there. `before`: the parser's state at such a point, if
 * the range begins at one. After each chunk, reading waits for `drain`, so that the results of `onEvent` do not
 * accumulate in memory.
 */
export async function readEvents(
  log: LogRef,
  range: LogRange,
  onEvent: (event: SessionEvent, point: ResumePoint | null) => void,
  before: ParserState | null = null,
  drain?: () => Promise<void>,
): Promise<{ stats: ParseStats; end: number }> {
  const head = await readHead(log);
  const parser = await (await readerOf(log.tool)).openParser(log.path, head, range, before);
  const { opening } = parser;
  /** The last line of which a part is a record: parsing cannot resume in the middle of a line. */
  let divided = -1;
  const { end } = await scanRecords(log.path, range, {
    headBytes: parser.headBytes,
    ...(opening === undefined ? {} : { opening }),
    wants: (head, offset) => parser.wants(head, offset),
    record(bytes, offset, end) {
      const events = parser.record(bytes, offset);
      if (events === null) return false;
      if (bytes.length !== end - offset - 1) divided = offset;
      for (const event of events) {
        const point = parser.pointBefore(event);
        onEvent(event, point?.offset === divided ? null : point);
      }
      return true;
    },
    damaged: (offset) => parser.damaged(offset),
    ...(drain === undefined ? {} : { drain }),
  });
  for (const event of parser.finish()) onEvent(event, null);
  return { stats: parser.stats, end };
}

/** The last prompts of a range, oldest first. Only the end of the range is read. */
export async function readPrompts(log: LogRef, range: LogRange, last: number): Promise<string[]> {
  if (last <= 0 || range.to <= range.from) return [];
  const head = await readHead(log);
  const reader = await readerOf(log.tool);
  let prompts: string[] = [];
  let parser = reader.openPromptParser(head);
  const collect = (events: Iterable<SessionEvent>) => {
    for (const event of events) if (event.kind === "prompt" && event.agent === null) prompts.push(event.text);
  };
  const attempt = () => {
    prompts = [];
    parser = reader.openPromptParser(head);
    return {
      wants: reader.mayBePrompt,
      ...(parser.opening === undefined ? {} : { opening: parser.opening }),
      record(bytes: Uint8Array, offset: number) {
        const events = parser.record(bytes, offset);
        if (events !== null) collect(events);
        return events !== null;
      },
    };
  };
  await scanLastRecords(log.path, range, attempt, () => prompts.length >= last);
  collect(parser.finish());
  return prompts.slice(-last);
}
