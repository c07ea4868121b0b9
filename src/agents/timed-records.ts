// The records of a subagent's log one by one, as far as they were written before a moment of its session's.

import { instantOf } from "../events/timestamps.ts";
import type { RecordCursor } from "../system/record-cursor.ts";

export class TimedRecords {
  readonly #cursor: RecordCursor;
  readonly #timeOf: (bytes: Uint8Array) => string | null;
  #at = Number.NEGATIVE_INFINITY;
  /** When the record was written that comes next: a log that has nothing to give is not even opened. */
  #next = Number.NEGATIVE_INFINITY;

  constructor(cursor: RecordCursor, timeOf: (bytes: Uint8Array) => string | null) {
    this.#cursor = cursor;
    this.#timeOf = timeOf;
  }

  /** When the last record was written, in milliseconds; one without a time has that of the record before. */
  get at(): number {
    return this.#at;
  }

  /** The records from where it was asked for the last time. What is appended after the end was met is not read. */
  *take(until: number): Generator<Buffer, void, void> {
    if (this.#next >= until) return;
    this.#next = Number.POSITIVE_INFINITY;
    yield* this.#cursor.takeWhile((bytes) => {
      const at = instantOf(this.#timeOf(bytes)) ?? this.#at;
      const isBefore = at < until;
      if (isBefore) this.#at = at;
      else this.#next = at;
      return isBefore;
    });
  }
}
