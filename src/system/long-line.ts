// The bytes of a line that spans several chunks: whole, shortened if they are too many, or none if the record is skipped.
import { RecordShortener } from "./shorten-record.ts";

/** A longer record is shortened while it is read, if needed: whatever it holds, it must not fill the memory. */
const MAX_WHOLE_BYTES = 1024 * 1024;

export class LongLine {
  /** Whether the record is needed; null until its first bytes are read. */
  #isWanted: boolean | null = null;
  #pieces: Buffer[] = [];
  #length = 0;
  #shortener: RecordShortener | null = null;
  /** Of a skipped line: its last bytes, in which the opening of another record may begin. */
  #last: Buffer = Buffer.alloc(0);
  #hasOpening = false;
  readonly #opening: Buffer | null;

  /** `opening`: what a record begins with, to find one in a damaged line that is skipped. */
  constructor(opening: string | null) {
    this.#opening = opening === null ? null : Buffer.from(opening, "latin1");
  }

  get isWanted(): boolean | null {
    return this.#isWanted;
  }

  set isWanted(isWanted: boolean) {
    this.#isWanted = isWanted;
    if (!isWanted) this.#skip();
  }

  /** Adds bytes, which may be reused afterwards. */
  push(piece: Buffer): void {
    if (this.#isWanted === false && !this.#hasOpening) this.#search(piece);
    else this.#keep(piece);
  }

  /** What was kept: the line; of a skipped line, what begins like another record. Null if it is too long. */
  take(): Buffer | null {
    if (this.#shortener?.isTooLong) return null;
    return this.#shortener?.finish() ?? Buffer.concat(this.#pieces);
  }

  #keep(piece: Buffer): void {
    if (this.#shortener !== null) {
      this.#shortener.push(piece);
      return;
    }
    // A copy, because the chunk's buffer is reused.
    this.#pieces.push(Buffer.from(piece));
    this.#length += piece.length;
    if (this.#length <= MAX_WHOLE_BYTES) return;
    this.#shortener = new RecordShortener();
    for (const each of this.#pieces) this.#shortener.push(each);
    this.#pieces = [];
  }

  #skip(): void {
    const start = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    // The line begins with an opening of its own.
    this.#search(start.subarray(1));
  }

  #search(piece: Buffer): void {
    if (this.#opening === null) return;
    const bytes = Buffer.concat([this.#last, piece.subarray(0, this.#opening.length)]);
    const [across, within] = [bytes.indexOf(this.#opening), piece.indexOf(this.#opening)];
    if (across === -1 && within === -1) {
      this.#last = Buffer.from(piece.subarray(-(this.#opening.length - 1)));
      return;
    }
    this.#hasOpening = true;
    if (across !== -1 && across < this.#last.length) this.#keep(Buffer.concat([this.#last.subarray(across), piece]));
    else this.#keep(piece.subarray(within));
    this.#last = Buffer.alloc(0);
  }
}
