// Builds a long UTF-8 text from many short ones in reusable memory. A string would be copied three times before it is
// in a file, and a single non-Latin-1 character would make it take two bytes per character.

const INITIAL_BYTES = 256 * 1024;
/** UTF-8 bytes per UTF-16 code unit, at most. An exact count would read every text twice. */
const MAX_BYTES_PER_UNIT = 3;

export class ByteBuffer {
  #body: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #whole: Buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(text: string): void {
    this.#body = withRoom(this.#body, this.#length, text.length * MAX_BYTES_PER_UNIT);
    this.#length += this.#body.write(text, this.#length);
  }

  /** Returns `before`, the text added so far and `after`, and empties the buffer. The next call overwrites the result. */
  take(before: string, after: string): Uint8Array {
    const around = Buffer.byteLength(before) + Buffer.byteLength(after);
    this.#whole = withRoom(this.#whole, 0, around + this.#length);
    let end = this.#whole.write(before);
    end += this.#body.copy(this.#whole, end, 0, this.#length);
    end += this.#whole.write(after, end);
    this.#length = 0;
    return this.#whole.subarray(0, end);
  }
}

/** The buffer, or a larger copy of its first `used` bytes. */
function withRoom(buffer: Buffer, used: number, more: number): Buffer {
  if (used + more <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(2 * (used + more));
  buffer.copy(larger, 0, 0, used);
  return larger;
}
