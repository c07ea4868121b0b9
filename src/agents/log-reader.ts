// How the logs of a tool are read. Each agent implements it in its own folder.
import type { z } from "zod";
import type { LogParser, ParserState, TimestampVisitor } from "./log-parser.ts";
import type { SessionHead } from "./session-head.ts";

export interface LogReader {
  /** Every log under the tool's home folder, sorted, including logs of archived sessions. */
  listLogs(home: string): Promise<string[]>;
  /** The id of a session from the name of its log; null for a file with another name. */
  sessionIdOfPath(path: string): string | null;
  /** The earliest time a log may have started, from its name, in milliseconds since the epoch; null if unknown. */
  earliestStart(path: string): number | null;
  /** Whether the tool resumes the session of a log: Codex refuses archived ones. */
  isResumable(path: string, home: string): boolean;

  /** Reads the head of a log; null for a file that is not a log of this tool, or has no messages yet. */
  readHead(path: string): Promise<SessionHead | null>;
  /** Why a log has no head although it has records; null for a file that is not a log, or has no messages yet. */
  headProblem(path: string): Promise<string | null>;
  /** The time of a log's last record, ISO 8601 UTC. */
  lastTimestamp(path: string): Promise<string | null>;
  /** The files beside a log that belong to its session: logs of subagents, large outputs. */
  sidecarFiles(path: string, head: SessionHead): Promise<SidecarFile[]>;
  /** The logs of a session's subagents. */
  subagentLogs(path: string, head: SessionHead): Promise<string[]>;

  /** A parser for a byte range. `before`: the state at a resume point where the range starts. */
  openParser(
    path: string,
    head: SessionHead,
    range: { from: number; to: number },
    before: ParserState | null,
  ): Promise<LogParser>;
  /** Validates a stored parser state. */
  readonly parserState: z.ZodType<ParserState>;
  /** A parser for the session's own prompts alone: it needs only records for which `mayBePrompt` is true. */
  openPromptParser(head: SessionHead): LogParser;
  mayBePrompt(recordHead: string): boolean;
  /** The prompts of a whole log, without copied history. */
  readPromptCount(path: string, head: SessionHead): Promise<PromptCount>;
  /**
   * The first prompt within the first bytes of a log that is not a known fork; null if the log turns out to be a fork.
   */
  readFirstPrompt(path: string, head: SessionHead, maxBytes: number): Promise<string | null>;

  /**
   * Visits the timestamp of every record from a position on. `foreign`: the log contains copied history, so it is a
   * fork.
   */
  visitTimestamps(
    path: string,
    head: SessionHead,
    from: number,
    visitor: TimestampVisitor,
  ): Promise<{ end: number; foreign: boolean }>;
  /**
   * The byte offset where the session's own work begins, after history copied from another session. `after`: a position
   * before which the log is known to contain no copied history.
   */
  ownBeginning(path: string, head: SessionHead, after?: number): Promise<number>;

  /**
   * Looks once at the running processes. The answer tells whether one of them uses a session; null where the system
   * does not show it.
   */
  findActiveSessions(home: string): ((log: LogSummary, subagentLogs: readonly string[]) => boolean) | null;
}

/** A log that cannot be read, and why. */
export interface DamagedLog {
  path: string;
  problem: string;
}

export interface LogSummary {
  path: string;
  head: SessionHead;
}

export interface SidecarFile {
  path: string;
  /** The file's path relative to the folder of a copy of the log. */
  place: string;
}

/** The prompts of a session: how many, and the text of the first. */
export interface PromptCount {
  prompts: number;
  first: string | null;
}
