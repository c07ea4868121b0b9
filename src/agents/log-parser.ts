// The interface of the parsers: one for the logs of each agent.
import type { SessionEvent } from "../events/event.ts";
import type { ParseStats } from "./parse-stats.ts";
import type { Tool } from "./tool.ts";

/** What a parser must know about earlier records to resume at a point. Each agent adds its own keys. */
export interface ParserState {
  tool: Tool;
  /** The time of the last record before the point. */
  at: string | null;
}

/** A position where parsing can resume as if everything before it had been parsed: right before a prompt's record. */
export interface ResumePoint {
  /** Where that record begins. */
  offset: number;
  state: ParserState;
}

/** A callback for the timestamp of every record of a log, in file order; null for a record without a timestamp. */
export interface TimestampVisitor {
  visit(at: string | null, offset: number): void;
}

/** A parser of one tool's log. The caller passes the records one by one, in file order. */
export interface LogParser {
  /** Whether the record is needed, judging by its first bytes (see `RecordVisitor`): other records are never parsed. */
  wants(head: string, offset: number): boolean;
  /** How many first bytes of a record `wants` needs. */
  readonly headBytes: number;
  /**
   * The events that this record completes; null if the bytes are not a record. Iterating them may read other files, such
   * as logs of subagents.
   */
  record(bytes: Uint8Array, offset: number): Iterable<SessionEvent> | null;
  /** What records begin with: see `RecordVisitor`. */
  readonly opening?: string;
  /** Called for a line of which something was skipped. */
  damaged(offset: number): void;
  /** Events still open at the end of the range: calls without a result, with outcome `running`. */
  finish(): Iterable<SessionEvent>;
  /** The point before the last returned event; null unless that event is a prompt before which no call was open. */
  pointBefore(event: SessionEvent): ResumePoint | null;
  readonly stats: ParseStats;
}
