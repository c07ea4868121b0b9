// Reads the records (lines) of a file on demand, for a file that is read in the middle of reading another one.
import { closeSync, fstatSync, readSync } from "node:fs";
import { openIfReadable } from "./regular-file.ts";

const CHUNK_BYTES = 64 * 1024;
/** Longer records are skipped, so that a hostile one cannot fill the memory. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const LF = 0x0a;

export class RecordCursor {
  readonly #source: string | Buffer;
  #offset: number;

  /** `source` is an uncompressed file, or the content of a compressed one; `from` is the offset of a record. */
  constructor(source: string | Buffer, from = 0) {
    this.#source = source;
    this.#offset = from;
  }

  /** The offset of the next record. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Yields the complete records from the cursor on, without the LF, and moves the cursor past each. Ends before the first
   * record that `accepts` rejects. A missing or unreadable file has no records.
   */
  *takeWhile(accepts: (bytes: Uint8Array) => boolean): Generator<Buffer, void, void> {
    let pieces: Buffer[] = [];
    let length = 0;
    for (const chunk of this.#chunks()) {
      let start = 0;
      for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
        const record = Buffer.concat([...pieces, chunk.subarray(start, lf)]);
        const isComplete = length + lf - start === record.length;
        if (isComplete && !accepts(record)) return;
        this.#offset += length + lf - start + 1;
        start = lf + 1;
        pieces = [];
        length = 0;
        if (isComplete) yield record;
      }
      // A copy, because the buffer is reused.
      if (length <= MAX_RECORD_BYTES) pieces.push(Buffer.from(chunk.subarray(start)));
      else pieces = [];
      length += chunk.length - start;
    }
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
