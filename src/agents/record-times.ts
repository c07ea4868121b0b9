// When the records of a log were written. Positions in a session's log mean nothing in the logs of its subagents, so a
// range is converted to times.
import { stat } from "node:fs/promises";
import { instantOf, utcOf } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import { scanLastRecords, scanRecords } from "../system/records.ts";

/** A range of times in milliseconds since the epoch: from `from` until before `to`. */
export interface TimeRange {
  from: number;
  to: number;
}

/** How the times of a tool's records are read. */
export interface RecordClock {
  /** Whether a record may have a time, judging by its first bytes. */
  isTimed(head: string): boolean;
  /** The time of such a record, as the log has it; null when the record has none. */
  timeOf(bytes: Uint8Array): string | null;
}

const FIRST_READ = 64 * 1024;

/** The times of a byte range: infinite where the range begins or ends with the log. */
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

/** The time of the first record after a position that has one. */
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
          return isIntact(bytes);
        },
      },
    );
    if (first !== null || end + torn < from + size) return first;
  }
}

/** How many records to read from the end: among so many, one nearly always has a time. */
const LAST_RECORDS = 32;

/**
 * The time of a log's last record that has one, ISO 8601 UTC. It reads only the end of the log, because it is called
 * for every log.
 */
export async function lastTime(path: string, { timeOf }: RecordClock): Promise<string | null> {
  const records: Buffer[] = [];
  const collect = (bytes: Uint8Array) => {
    if (!isIntact(bytes)) return false;
    records.push(Buffer.from(bytes));
    if (records.length > LAST_RECORDS) records.shift();
    return true;
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
    return isIntact(bytes);
  };
  await scanLastRecords(
    path,
    {},
    () => ({ record }),
    () => last !== null,
  );
  return last;
}

/** Whether a line begins like a record, and not with NUL bytes. */
function isIntact(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b;
}
