// Scans the records of a JSONL file in constant memory. Only LF ends a record: splitting on U+2028 would corrupt JSON.
import { stat } from "node:fs/promises";
import { type ByteRange, isCompressed, readChunks } from "./chunks.ts";
import { collectGarbage } from "./memory.ts";

/** How many bytes of a record `wants` receives: enough to recognize the record's type. */
export const HEAD_BYTES = 512;

/** Longer records are not buffered: no program writes them, and a hostile one must not fill the memory. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** How many bytes `readFirstRecords` and `scanLastRecords` read at first. They read more if these are not enough. */
const FIRST_READ = 64 * 1024;
/** A first record that is longer is not read. */
const MAX_FIRST_READ = 64 * 1024 * 1024;

const LF = 0x0a;

/** Receives the records. Bytes are without the LF, and only valid during the call. */
export interface RecordVisitor {
  /**
   * Whether the record is needed. `head` is its first bytes decoded as Latin-1, which is fastest and keeps ASCII.
   * Records that are not needed are skipped without buffering.
   */
  wants?(head: string, offset: number): boolean;
  /** The length of the head, if fewer bytes than `HEAD_BYTES` are enough. */
  readonly headBytes?: number;
  record(bytes: Uint8Array, offset: number, end: number): void;
  /** Called when a needed record is too long to be read. */
  tooLong?(offset: number, end: number): void;
  /** Called after each chunk; the scan continues when the promise resolves. */
  drain?(): Promise<void>;
}

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
export async function readFirstRecords(path: string): Promise<Buffer[]> {
  for (let size = FIRST_READ; ; size *= 16) {
    const records: Buffer[] = [];
    const scan = await scanRecords(path, { to: size }, { record: (bytes) => records.push(Buffer.from(bytes)) });
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

/** Splits a stream of chunks into records. Each byte is searched for LF once, so a huge record takes linear time. */
class Framer {
  /** The offset of the current record. */
  end: number;
  /** The length of the current record so far. */
  torn = 0;
  #pieces: Buffer[] = [];
  /** Whether the current record is needed; null until its head is complete. */
  #wanted: boolean | null = null;
  readonly #visitor: RecordVisitor;
  readonly #headBytes: number;

  constructor(from: number, visitor: RecordVisitor) {
    this.end = from;
    this.#visitor = visitor;
    this.#headBytes = visitor.headBytes ?? HEAD_BYTES;
  }

  push(chunk: Buffer): void {
    let position = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, position)) {
      if (this.torn > 0) this.#finish(chunk.subarray(position, lf));
      else this.#visit(chunk, position, lf);
      position = lf + 1;
    }
    if (position < chunk.length) this.#keep(chunk.subarray(position));
  }

  /** A record within one chunk, as nearly all are: no buffering. */
  #visit(chunk: Buffer, from: number, to: number): void {
    const end = this.end + (to - from);
    if (to > from && this.#isWanted(chunk, from, to)) {
      this.#visitor.record(chunk.subarray(from, to), this.end, end + 1);
    }
    this.end = end + 1;
  }

  /** The rest of a record that started in an earlier chunk. */
  #finish(last: Buffer): void {
    const end = this.end + this.torn + last.length;
    if (this.#wanted !== false) {
      const bytes = Buffer.concat([...this.#pieces, last]);
      if (this.#wanted ?? this.#isWanted(bytes)) this.#visitor.record(bytes, this.end, end + 1);
    }
    this.end = end + 1;
    this.torn = 0;
    this.#pieces = [];
    this.#wanted = null;
  }

  #keep(piece: Buffer): void {
    this.torn += piece.length;
    if (this.#wanted === false) return;
    // A copy, because the chunk's buffer is reused.
    this.#pieces.push(Buffer.from(piece));
    if (this.#wanted === null && this.torn >= this.#headBytes)
      this.#wanted = this.#isWanted(Buffer.concat(this.#pieces));
    if (this.#wanted === true && this.torn > MAX_RECORD_BYTES) {
      this.#visitor.tooLong?.(this.end, this.end + this.torn);
      this.#wanted = false;
    }
    if (this.#wanted === false) this.#pieces = [];
  }

  #isWanted(bytes: Buffer, from = 0, to = bytes.length): boolean {
    if (this.#visitor.wants === undefined) return true;
    const head = bytes.toString("latin1", from, Math.min(to, from + this.#headBytes));
    return this.#visitor.wants(head, this.end);
  }
}
