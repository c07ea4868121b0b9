// Records framed on LF bytes only: a line reader that splits on U+2028 corrupts JSON. Constant memory, byte offsets.
import { stat } from "node:fs/promises";
import { type ByteRange, isCompressed, readChunks } from "./chunks.ts";
import { collectGarbage } from "./garbage.ts";

/** How much of a record its head shows: enough to see what it is, whatever it holds. */
export const HEAD_BYTES = 512;

/** Longer records are not buffered: no tool writes them, and a hostile one must not fill the memory. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024;

const LF = 0x0a;

/** What is done with the records. Bytes are without the LF, and only valid during the call. */
export interface RecordVisitor {
  /**
   * Whether the record is needed, from its head: its first bytes read as Latin-1, for whatever is asked of them is
   * ASCII, and nothing is quicker. A record that is not needed is passed over without buffering.
   */
  wants?(head: string, offset: number): boolean;
  /** How many bytes of a record its head shows, where fewer than `HEAD_BYTES` tell. */
  readonly headBytes?: number;
  record(bytes: Uint8Array, offset: number, end: number): void;
  /** A needed record too long to be read. */
  tooLong?(offset: number, end: number): void;
  /** Asked for now and then: nothing more is read until it is done. */
  rest?(): Promise<void>;
}

export interface ScanResult {
  /** Offset after the last whole record. */
  end: number;
  /** Bytes between `end` and the end of the range: a record that is still being written. */
  torn: number;
  /** Size of the file; of a compressed one, how much of it was read, uncompressed. */
  size: number;
}

/** Hands the whole records of a range to the visitor, in file order. The range must begin where a record begins. */
export async function scanRecords(path: string, range: ByteRange, visitor: RecordVisitor): Promise<ScanResult> {
  const framer = new Framer(range.from ?? 0, visitor);
  for await (const chunk of readChunks(path, range)) {
    framer.push(chunk);
    collectGarbage();
    await visitor.rest?.();
  }
  const read = framer.end + framer.torn;
  return { end: framer.end, torn: framer.torn, size: isCompressed(path) ? read : (await stat(path)).size };
}

/** Cuts a stream of chunks into records. Each byte is searched for LF once, so one huge record costs linear time. */
class Framer {
  /** Where the open record begins. */
  end: number;
  /** How long the open record is so far. */
  torn = 0;
  #pieces: Buffer[] = [];
  /** Whether the open record is needed; null until enough of it is there to tell. */
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
      if (this.torn > 0) this.#close(chunk.subarray(position, lf));
      else this.#pass(chunk, position, lf);
      position = lf + 1;
    }
    if (position < chunk.length) this.#hold(chunk.subarray(position));
  }

  /** A record that lies within one chunk, as nearly all do: most of them are not needed, and cost no buffer. */
  #pass(chunk: Buffer, from: number, to: number): void {
    const end = this.end + (to - from);
    if (to > from && this.#asksFor(chunk, from, to)) {
      this.#visitor.record(chunk.subarray(from, to), this.end, end + 1);
    }
    this.end = end + 1;
  }

  /** The rest of a record that began in a chunk before. */
  #close(last: Buffer): void {
    const end = this.end + this.torn + last.length;
    if (this.#wanted !== false) {
      const bytes = Buffer.concat([...this.#pieces, last]);
      if (this.#wanted ?? this.#asksFor(bytes)) this.#visitor.record(bytes, this.end, end + 1);
    }
    this.end = end + 1;
    this.torn = 0;
    this.#pieces = [];
    this.#wanted = null;
  }

  #hold(piece: Buffer): void {
    this.torn += piece.length;
    if (this.#wanted === false) return;
    // A copy: the chunk's buffer is used again.
    this.#pieces.push(Buffer.from(piece));
    if (this.#wanted === null && this.torn >= this.#headBytes)
      this.#wanted = this.#asksFor(Buffer.concat(this.#pieces));
    if (this.#wanted === true && this.torn > MAX_RECORD_BYTES) {
      this.#visitor.tooLong?.(this.end, this.end + this.torn);
      this.#wanted = false;
    }
    if (this.#wanted === false) this.#pieces = [];
  }

  #asksFor(bytes: Buffer, from = 0, to = bytes.length): boolean {
    if (this.#visitor.wants === undefined) return true;
    const head = bytes.toString("latin1", from, Math.min(to, from + this.#headBytes));
    return this.#visitor.wants(head, this.end);
  }
}
