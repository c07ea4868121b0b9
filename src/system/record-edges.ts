// The first and the last records of a file, without reading what lies between.
import { stat } from "node:fs/promises";
import { type ByteRange, isCompressed } from "./chunks.ts";
import { type RecordVisitor, scanRecords } from "./records.ts";

const FIRST_READ = 64 * 1024;
/** A first record carries the tool's instructions; it does not get this long. */
const MAX_FIRST_READ = 64 * 1024 * 1024;

/** The whole records among the first bytes of a file: at least one, if it has one, but rarely more than 64 KiB. */
export async function readFirstRecords(path: string): Promise<Buffer[]> {
  for (let size = FIRST_READ; ; size *= 16) {
    const records: Buffer[] = [];
    const scan = await scanRecords(path, { to: size }, { record: (bytes) => records.push(Buffer.from(bytes)) });
    if (records.length > 0 || scan.end + scan.torn < size || size > MAX_FIRST_READ) return records;
  }
}

/**
 * Scans the end of a range, going back further and further until `enough`: each attempt is handed to a fresh visitor.
 * A compressed file has no end to begin at: it is read through, once.
 */
export async function scanLastRecords(
  path: string,
  range: ByteRange,
  attempt: () => RecordVisitor,
  enough: () => boolean,
): Promise<void> {
  const from = range.from ?? 0;
  const size = isCompressed(path) ? Number.POSITIVE_INFINITY : (await stat(path)).size;
  const to = Math.min(range.to ?? size, size);
  for (let length = FIRST_READ; ; length *= 8) {
    const start = isCompressed(path) ? from : Math.max(from, to - length);
    const visitor = attempt();
    let whole = start === from;
    await scanRecords(
      path,
      { from: start, to },
      {
        record: (bytes, offset, end) => visitor.record(bytes, offset, end),
        wants(head, offset) {
          // Where the range was cut, the first record is only the rest of one.
          const cut = !whole;
          whole = true;
          return !cut && (visitor.wants?.(head, offset) ?? true);
        },
      },
    );
    if (start === from || enough()) return;
  }
}
