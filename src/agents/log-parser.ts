// What the parser of every agent's log does.
import type { SessionEvent } from "../events/event.ts";
import type { ParseStats } from "./parse-stats.ts";
import type { ParserState } from "./parser-state.ts";

/** Where reading can begin anew as if all before had been read: right before the record of a prompt. */
export interface ResumePoint {
  /** Where that record begins. */
  offset: number;
  state: ParserState;
}

/** Who is told of every record of a log when it was written, in file order; of a record without a time, null. */
export interface TimestampVisitor {
  visit(at: string | null, offset: number): void;
}

/** A parser of one tool's log: pure, fed record by record, in file order. */
export interface LogParser {
  /** Whether the record is needed at all, from its head (`RecordVisitor`): unneeded ones are never parsed. */
  wants(head: string, offset: number): boolean;
  /** How many bytes a head has to show. */
  readonly headBytes: number;
  /** The events this record completes, some of them read from other files as they are asked for. */
  record(bytes: Uint8Array, offset: number): Iterable<SessionEvent>;
  /** A needed record that is too long to be read. */
  tooLong(offset: number): void;
  /** What is still open when the range ends: calls without a result, with outcome `running`. */
  finish(): Iterable<SessionEvent>;
  /** The point before the event that was told last; null unless that is a prompt before which nothing was open. */
  pointBefore(event: SessionEvent): ResumePoint | null;
  readonly stats: ParseStats;
}
