// Reads the records of a subagent's log in steps: each step ends at a given time of the session.

import { instantOf } from "../events/timestamps.ts";
import type { RecordCursor } from "../system/record-cursor.ts";

export class SubagentLogSteps {
  readonly #cursor: RecordCursor;
  readonly #timeOf: (bytes: Uint8Array) => string | null;
  #at = Number.NEGATIVE_INFINITY;
  /** When the next record was written: a log without records before a time is not opened. */
  #next = Number.NEGATIVE_INFINITY;

  constructor(cursor: RecordCursor, timeOf: (bytes: Uint8Array) => string | null) {
    this.#cursor = cursor;
    this.#timeOf = timeOf;
  }

  /**
   * When the last record was written, in milliseconds. A record without a time counts with the time of the record
   * before it.
   */
  get at(): number {
    return this.#at;
  }

  /** The records before `until`, after those already taken. Records appended after the end was reached are not read. */
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
