// A long text put together from many short ones, as UTF-8, in memory that is used again. As one string it would be
// written down three times over before it is in a file, and with a single arrow in it each character takes two bytes.

const FIRST_BYTES = 256 * 1024;
/** In UTF-8, of one UTF-16 code unit: counting them exactly would go over every text once more. */
const LONGEST_CHARACTER = 3;

export class ByteBuffer {
  #body: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #whole: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(text: string): void {
    this.#body = withRoom(this.#body, this.#length, text.length * LONGEST_CHARACTER);
    this.#length += this.#body.write(text, this.#length);
  }

  /** All of it between these two; then it is empty again. The bytes are only valid until the next are taken. */
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

/** The buffer, or a larger one that begins with the same bytes. */
function withRoom(buffer: Buffer, used: number, more: number): Buffer {
  if (used + more <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafe(2 * (used + more));
  buffer.copy(larger, 0, 0, used);
  return larger;
}
