// A long text put together from many short ones, as UTF-8, in memory that is used again. As one string it would be
// written down three times over before it is in a file, and with a single arrow in it each character takes two bytes.

const FIRST_BYTES = 256 * 1024;

export class GatheredText {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  add(text: string): void {
    const needed = this.#length + Buffer.byteLength(text);
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** All of it between these two, as bytes of their own; then it is empty again. */
  take(before: string, after: string): Uint8Array {
    const taken = Buffer.concat([Buffer.from(before), this.#bytes.subarray(0, this.#length), Buffer.from(after)]);
    this.#length = 0;
    return taken;
  }

  #grow(needed: number): void {
    const more = Buffer.allocUnsafe(2 * needed);
    this.#bytes.copy(more, 0, 0, this.#length);
    this.#bytes = more;
  }
}
