/** Keeps the first and the last few of a long run of things, and counts those in between. */
export class HeadTail<T> {
  /** How many were left out. */
  omitted = 0;
  readonly #head: T[] = [];
  readonly #tail: T[] = [];
  #oldest = 0;
  readonly #headSize: number;
  readonly #tailSize: number;

  constructor(headSize: number, tailSize: number) {
    this.#headSize = headSize;
    this.#tailSize = tailSize;
  }

  push(item: T): void {
    if (this.#head.length < this.#headSize) {
      this.#head.push(item);
    } else if (this.#tail.length < this.#tailSize) {
      this.#tail.push(item);
    } else {
      this.#tail[this.#oldest] = item;
      this.#oldest = (this.#oldest + 1) % this.#tailSize;
      this.omitted++;
    }
  }

  /** What was kept, in the order it came. */
  items(): T[] {
    return [...this.#head, ...this.#tail.slice(this.#oldest), ...this.#tail.slice(0, this.#oldest)];
  }
}
