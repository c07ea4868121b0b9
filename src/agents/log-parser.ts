// What the parser of every agent's log does.
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

/** Is called with the timestamp of every record of a log, in file order; null for a record without one. */
export interface TimestampVisitor {
  visit(at: string | null, offset: number): void;
}

/** A parser of one tool's log. It is pure: it is fed record by record, in file order. */
export interface LogParser {
  /** Whether the record is needed, from its head (`RecordVisitor`): other records are never parsed. */
  wants(head: string, offset: number): boolean;
  /** The number of bytes of a record that `wants` needs. */
  readonly headBytes: number;
  /** The events that this record completes; some are read from other files while they are iterated. */
  record(bytes: Uint8Array, offset: number): Iterable<SessionEvent>;
  /** A needed record that exceeds the size limit. */
  tooLong(offset: number): void;
  /** Events still open at the end of the range: calls without a result, with outcome `running`. */
  finish(): Iterable<SessionEvent>;
  /** The point before the last returned event; null unless that is a prompt before which no call was open. */
  pointBefore(event: SessionEvent): ResumePoint | null;
  readonly stats: ParseStats;
}
