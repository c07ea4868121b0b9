// Reads the records (lines) of a file on demand, for a file that is read in the middle of reading another one.
import { closeSync, fstatSync, readSync } from "node:fs";
import { isIntact, visitWholeRecords } from "./damaged-line.ts";
import { parseJsonObject } from "./json.ts";
import { LongLine } from "./long-line.ts";
import { openIfReadable } from "./regular-file.ts";

const CHUNK_BYTES = 64 * 1024;
const LF = 0x0a;

export class RecordCursor {
  readonly #source: string | Buffer;
  readonly #opening: string | null;
  #offset: number;

  /** `source` is an uncompressed file, or the content of a compressed one; `from` is the offset of a record, `opening` what records begin with. */
  constructor(source: string | Buffer, from = 0, opening: string | null = null) {
    this.#source = source;
    this.#opening = opening;
    this.#offset = from;
  }

  /** The offset of the next record. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Yields the complete records from the cursor on, without the LF, and moves the cursor past each. Ends before the first
   * line whose first record `accepts` rejects. A missing or unreadable file has no records. Of a damaged line, the whole
   * records in it are yielded, and if something else is in it, the byte `{`, which no parser takes for a record.
   */
  *takeWhile(accepts: (bytes: Uint8Array) => boolean): Generator<Buffer, void, void> {
    let line = new LongLine(null);
    let length = 0;
    for (const chunk of this.#chunks()) {
      let start = 0;
      for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
        line.push(chunk.subarray(start, lf));
        const records = this.#recordsIn(line.take() ?? Buffer.alloc(0));
        if (!accepts(records[0] ?? Buffer.alloc(0))) return;
        this.#offset += length + lf - start + 1;
        start = lf + 1;
        line = new LongLine(null);
        length = 0;
        yield* records;
      }
      line.push(chunk.subarray(start));
      length += chunk.length - start;
    }
  }

  #recordsIn(line: Buffer): Buffer[] {
    if (isIntact(line, this.#opening)) return [line];
    const records: Buffer[] = [];
    const isComplete = visitWholeRecords(line, this.#opening, (from, to) => {
      const record = line.subarray(from, to);
      const isRecord = parseJsonObject(record.toString()) !== null;
      if (isRecord) records.push(record);
      return isRecord;
    });
    if (records.length === 0) return [line];
    return isComplete ? records : [...records, Buffer.from("{")];
  }

  /** The content from the cursor on; a chunk is only valid until the next one is requested. */
  *#chunks(): Generator<Buffer, void, void> {
    if (typeof this.#source !== "string") {
      yield this.#source.subarray(this.#offset);
      return;
    }
    const file = openIfReadable(this.#source);
    if (file === null) return;
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let position = this.#offset; position < size; ) {
        const chunk = buffer.subarray(0, readSync(file, buffer, 0, Math.min(CHUNK_BYTES, size - position), position));
        if (chunk.length === 0) return;
        position += chunk.length;
        yield chunk;
      }
    } finally {
      closeSync(file);
    }
  }
}
