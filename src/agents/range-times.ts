// When lines of a log were written: what a position in it means for the logs of subagents.
import { stat } from "node:fs/promises";
import { instantOf, utcOf } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import { scanLastRecords, scanRecords } from "../system/records.ts";

/** When a range begins and ends, in milliseconds: positions in the session's log say nothing of another file. */
export interface TimeRange {
  from: number;
  to: number;
}

/** How a tool's log tells times. */
export interface RecordClock {
  /** Whether a record may tell one, from its head. */
  isTimed(head: string): boolean;
  /** The time of such a record. */
  timeOf(bytes: Uint8Array): string | null;
}

const FIRST_READ = 64 * 1024;

/** When a range begins, and what comes after it. */
export async function timeRangeOf(
  path: string,
  { from, to }: { from: number; to: number },
  clock: RecordClock,
): Promise<TimeRange> {
  const begins = from === 0 ? null : await firstTime(path, from, clock);
  const size = isCompressed(path) ? Number.POSITIVE_INFINITY : (await stat(path)).size;
  const ends = to >= size ? null : await firstTime(path, to, clock);
  return {
    from: instantOf(begins) ?? Number.NEGATIVE_INFINITY,
    to: instantOf(ends) ?? Number.POSITIVE_INFINITY,
  };
}

/** The first time told after a position. */
async function firstTime(path: string, from: number, { isTimed, timeOf }: RecordClock): Promise<string | null> {
  for (let size = FIRST_READ; ; size *= 16) {
    let first: string | null = null;
    const { end, torn } = await scanRecords(
      path,
      { from, to: from + size },
      {
        wants: (head) => first === null && isTimed(head),
        record(bytes) {
          first ??= timeOf(bytes);
        },
      },
    );
    if (first !== null || end + torn < from + size) return first;
  }
}

/** How many of the last records almost always contain one with a time. */
const LAST_RECORDS = 32;

/** The time of a log's last record that has one, ISO 8601 UTC. Fast, because it is asked of every log. */
export async function lastTime(path: string, { timeOf }: RecordClock): Promise<string | null> {
  const records: Buffer[] = [];
  const collect = (bytes: Uint8Array) => {
    records.push(Buffer.from(bytes));
    if (records.length > LAST_RECORDS) records.shift();
  };
  await scanLastRecords(
    path,
    {},
    () => ({ record: collect }),
    () => true,
  );
  for (const record of records.reverse()) {
    const at = utcOf(timeOf(record));
    if (at !== null) return at;
  }
  let last: string | null = null;
  const record = (bytes: Uint8Array) => {
    last = utcOf(timeOf(bytes)) ?? last;
  };
  await scanLastRecords(
    path,
    {},
    () => ({ record }),
    () => last !== null,
  );
  return last;
}
