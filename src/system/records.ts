// Scans the records of a JSONL file in constant memory. Only LF ends a record: splitting on U+2028 would corrupt JSON.
import { stat } from "node:fs/promises";
import { type ByteRange, isCompressed, readChunks } from "./chunks.ts";
import { isIntact } from "./damaged-line.ts";
import { Framer } from "./framer.ts";
import { parseJsonObject } from "./json.ts";
import { collectGarbage } from "./memory.ts";
import type { RecordVisitor } from "./record-visitor.ts";

/** How many bytes `readFirstRecords` and `scanLastRecords` read at first. They read more if these are not enough. */
const FIRST_READ = 64 * 1024;
/** A first record that is longer is not read. */
const MAX_FIRST_READ = 64 * 1024 * 1024;

export interface ScanResult {
  /** Offset after the last complete record. */
  end: number;
  /** Bytes between `end` and the end of the range: an incomplete record. */
  torn: number;
  /** Size of the file; for a compressed one, the uncompressed size of what was read. */
  size: number;
}

/** Passes the complete records of a range to the visitor, in order. The range must start at the start of a record. */
export async function scanRecords(path: string, range: ByteRange, visitor: RecordVisitor): Promise<ScanResult> {
  const framer = new Framer(range.from ?? 0, visitor);
  for await (const chunk of readChunks(path, range)) {
    framer.push(chunk);
    collectGarbage();
    await visitor.drain?.();
  }
  const read = framer.end + framer.torn;
  return { end: framer.end, torn: framer.torn, size: isCompressed(path) ? read : (await stat(path)).size };
}

/** The complete records in the first 64 KiB of a file, or in more if a longer first record needs it. */
export async function readFirstRecords(path: string, opening?: string): Promise<Buffer[]> {
  for (let size = FIRST_READ; ; size *= 16) {
    const records: Buffer[] = [];
    const scan = await scanRecords(
      path,
      { to: size },
      {
        ...(opening === undefined ? {} : { opening }),
        record(bytes) {
          const isRecord = isIntact(bytes, opening ?? null) || parseJsonObject(bytes.toString()) !== null;
          if (isRecord) records.push(Buffer.from(bytes));
          return isRecord;
        },
      },
    );
    if (records.length > 0 || scan.end + scan.torn < size || size > MAX_FIRST_READ) return records;
  }
}

/**
 * Scans the end of a range, starting further back with a new visitor each time until `enough` returns true. A
 * compressed file, which cannot be read from its end, is scanned once from the start of the range.
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
    let isAligned = start === from;
    await scanRecords(
      path,
      { from: start, to },
      {
        ...(visitor.opening === undefined ? {} : { opening: visitor.opening }),
        record: (bytes, offset, end) => visitor.record(bytes, offset, end),
        wants(head, offset) {
          // Unless the scan starts at a record, the first one is the rest of a longer record.
          const isPartial = !isAligned;
          isAligned = true;
          return !isPartial && (visitor.wants?.(head, offset) ?? true);
        },
      },
    );
    if (start === from || enough()) return;
  }
}
