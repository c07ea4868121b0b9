// Records of a file one by one, as they are asked for: for a file that is read in the middle of another one.
import { closeSync, fstatSync, readSync } from "node:fs";
import { openIfReadable } from "./regular-file.ts";

const CHUNK_BYTES = 64 * 1024;
/** Longer ones are passed over: a hostile one must not fill the memory. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;
const LF = 0x0a;

export class RecordCursor {
  readonly #source: string | Buffer;
  #offset: number;

  /** `source` is a plain file, or what was in a packed one; `from` is where a record begins. */
  constructor(source: string | Buffer, from = 0) {
    this.#source = source;
    this.#offset = from;
  }

  /** Where the record begins that comes next. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * Yields the whole records from where the cursor stands, and goes past each that was taken: `isTaken` ends it at the
   * first one that is not. Bytes are without the LF. A file that is gone, or that somebody else may not read, has none.
   */
  *take(isTaken: (bytes: Uint8Array) => boolean): Generator<Buffer, void, void> {
    let pieces: Buffer[] = [];
    let length = 0;
    for (const chunk of this.#chunks()) {
      let start = 0;
      for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, start)) {
        const record = Buffer.concat([...pieces, chunk.subarray(start, lf)]);
        const isWhole = length + lf - start === record.length;
        if (isWhole && !isTaken(record)) return;
        this.#offset += length + lf - start + 1;
        start = lf + 1;
        pieces = [];
        length = 0;
        if (isWhole) yield record;
      }
      // A copy: the buffer is used again.
      if (length <= MAX_RECORD_BYTES) pieces.push(Buffer.from(chunk.subarray(start)));
      else pieces = [];
      length += chunk.length - start;
    }
  }

  /** What comes from where the cursor stands; a chunk is only valid until the next one is asked for. */
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
