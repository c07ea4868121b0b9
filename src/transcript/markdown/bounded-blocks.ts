// Keeps blocks within a number of bytes: the first and the last ones. Those in between are counted by kind.
import { plural } from "../html/format.ts";

export interface Block {
  text: string;
  /** What the block is counted as when it is omitted. */
  noun: string;
  /** The number of the prompt it follows. */
  ordinal: number;
}

export class BoundedBlocks {
  readonly #head: Block[] = [];
  #tail: Block[] = [];
  readonly #omitted = new Map<string, number>();
  #headRoom: number;
  #tailRoom: number;
  #isHeadFull = false;

  constructor(bytes: number) {
    this.#headRoom = Math.floor(bytes * 0.6);
    this.#tailRoom = bytes - this.#headRoom;
  }

  push(block: Block): void {
    const size = sizeOf(block);
    if (!this.#isHeadFull && size <= this.#headRoom) {
      this.#headRoom -= size;
      this.#head.push(block);
      return;
    }
    this.#isHeadFull = true;
    this.#tail.push(block);
    this.#tailRoom -= size;
    if (this.#tailRoom < 0) this.#omitOldest();
  }

  /** The blocks that were kept, with a note where some were omitted. */
  render(): string[] {
    const [first] = this.#tail;
    const next = first === undefined ? "" : ` Continues after prompt ${first.ordinal}.`;
    const counts = [...this.#omitted].map(([noun, count]) => plural(count, noun)).join(", ");
    const note = counts === "" ? [] : [`*Omitted to limit the length: ${counts}.${next}*`];
    return [...this.#head.map(({ text }) => text), ...note, ...this.#tail.map(({ text }) => text)];
  }

  #omitOldest(): void {
    let count = 0;
    for (const block of this.#tail) {
      if (this.#tailRoom >= 0) break;
      this.#tailRoom += sizeOf(block);
      this.#omitted.set(block.noun, (this.#omitted.get(block.noun) ?? 0) + 1);
      count++;
    }
    this.#tail = this.#tail.slice(count);
  }
}

/** Includes the empty line after the block. */
function sizeOf({ text }: Block): number {
  return Buffer.byteLength(text) + 2;
}
