// The one way into a log: its head, its events, its last prompts.

import { readHeadOfFile } from "../agents/claude/head.ts";
import { ClaudeParser } from "../agents/claude/parser.ts";
import { mayBePrompt as mayBeClaudePrompt } from "../agents/claude/record-kinds.ts";
import { claudeClock } from "../agents/claude/timestamps.ts";
import { readCodexHead } from "../agents/codex/head.ts";
import { CodexParser } from "../agents/codex/parser.ts";
import { mayBePrompt as mayBeCodexPrompt } from "../agents/codex/record-kinds.ts";
import { findSubagentLogs } from "../agents/codex/subagent-logs.ts";
import { withSubagents } from "../agents/codex/subagents.ts";
import { codexClock } from "../agents/codex/timestamps.ts";
import type { LogParser, ResumePoint } from "../agents/log-parser.ts";
import type { ParseStats } from "../agents/parse-stats.ts";
import type { ParserState } from "../agents/parser-state.ts";
import { timeRangeOf } from "../agents/range-times.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tools.ts";
import type { SessionEvent } from "../events/event.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { readFirstRecords, scanLastRecords, scanRecords } from "../system/records.ts";

/** A native log on disk. */
export interface LogRef {
  tool: Tool;
  path: string;
  /** The head of the log, if it was read before: it is not read again. */
  head?: SessionHead;
}

/** A stretch of a log, in uncompressed bytes; it begins and ends where records do. */
export interface LogRange {
  from: number;
  to: number;
}

/** What the log says of itself, from its first records. */
export async function readHead({ tool, path }: LogRef): Promise<SessionHead> {
  const head = await unlessClosed(path, async () =>
    tool === "claude" ? await readHeadOfFile(path) : readCodexHead(await readFirstRecords(path), path),
  );
  if (head !== null) return head;
  if (tool === "claude") {
    throw new ExpectedError(`\`${path}\` is no Claude Code session log, or nothing was said in it yet`, {
      hint: "try `ctx find-source --tool claude`",
    });
  }
  throw new ExpectedError(`\`${path}\` is no Codex session log`, {
    hint: "a session log begins with a `session_meta` record; try `ctx find-source`",
  });
}

/**
 * Hands the events of a range to the caller, in file order; what the range leaves open comes last. With an event comes
 * the point right before it, where it is one from which reading could begin anew; `before` is what is known at such a
 * point, if the range begins there. The read waits for `drain` after each chunk, so that what is built from the events
 * cannot pile up.
 */
export async function readEvents(
  log: LogRef,
  range: LogRange,
  onEvent: (event: SessionEvent, point: ResumePoint | null) => void,
  before: ParserState | null = null,
  drain?: () => Promise<void>,
): Promise<{ stats: ParseStats; end: number }> {
  const parser = await parserOf(log, log.head ?? (await readHead(log)), range, before);
  const { end } = await scanRecords(log.path, range, {
    headBytes: parser.headBytes,
    wants: (head, offset) => parser.wants(head, offset),
    record(bytes, offset) {
      for (const event of parser.record(bytes, offset)) onEvent(event, parser.pointBefore(event));
    },
    tooLong: (offset) => parser.tooLong(offset),
    ...(drain === undefined ? {} : { drain }),
  });
  for (const event of parser.finish()) onEvent(event, null);
  return { stats: parser.stats, end };
}

/** The last prompts of a range, oldest first; only the end of the range is read. */
export async function readPrompts(log: LogRef, range: LogRange, last: number): Promise<string[]> {
  if (last <= 0 || range.to <= range.from) return [];
  const head = log.head ?? (await readHead(log));
  const mayBePrompt = log.tool === "claude" ? mayBeClaudePrompt : mayBeCodexPrompt;
  let prompts: string[] = [];
  let parser = promptParserOf(head);
  const take = (events: Iterable<SessionEvent>) => {
    for (const event of events) if (event.kind === "prompt" && event.agent === null) prompts.push(event.text);
  };
  const attempt = () => {
    prompts = [];
    parser = promptParserOf(head);
    return {
      wants: mayBePrompt,
      record: (bytes: Uint8Array, offset: number) => take(parser.record(bytes, offset)),
    };
  };
  await scanLastRecords(log.path, range, attempt, () => prompts.length >= last);
  take(parser.finish());
  return prompts.slice(-last);
}

async function parserOf(
  log: LogRef,
  head: SessionHead,
  range: LogRange,
  before: ParserState | null,
): Promise<LogParser> {
  const { cwd } = head;
  if (log.tool === "claude") {
    const beside = { log: log.path, times: await timeRangeOf(log.path, range, claudeClock) };
    return new ClaudeParser({ cwd, beside }, before?.tool === "claude" ? before : null);
  }
  const session = new CodexParser(cwd, before?.tool === "codex" ? before : null);
  const subagents = await findSubagentLogs(log.path, head);
  if (subagents.length === 0) return session;
  return await withSubagents(session, subagents, await timeRangeOf(log.path, range, codexClock));
}

/** A parser that is shown no more than what may be a prompt. */
function promptParserOf({ tool, cwd }: SessionHead): LogParser {
  return tool === "codex" ? new CodexParser(cwd) : new ClaudeParser({ cwd, beside: null });
}

async function unlessClosed<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!hasCode(error, "ENOENT", "EISDIR", "EACCES")) throw error;
    throw new ExpectedError(`\`${path}\` cannot be read`, {
      hint: "check that it is a file, and that you may read it",
      cause: error,
    });
  }
}
