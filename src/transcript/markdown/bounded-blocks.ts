// Blocks within a number of bytes: the first ones and the last ones, with what lay between counted by kind.
import { plural } from "../html/format.ts";

export interface Block {
  text: string;
  /** What is counted when it is left out. */
  noun: string;
  /** The prompt it came after. */
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
    if (this.#tailRoom < 0) this.#leaveOut();
  }

  /** What was kept, with a line where something is missing. */
  render(): string[] {
    const [first] = this.#tail;
    const from = first === undefined ? "" : ` It goes on after prompt ${first.ordinal}.`;
    const counts = [...this.#omitted].map(([noun, count]) => plural(count, noun)).join(", ");
    const gap = counts === "" ? [] : [`*Left out here, for want of room: ${counts}.${from}*`];
    return [...this.#head.map(textOf), ...gap, ...this.#tail.map(textOf)];
  }

  #leaveOut(): void {
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

function textOf({ text }: Block): string {
  return text;
}

/** With the empty line after it. */
function sizeOf({ text }: Block): number {
  return Buffer.byteLength(text) + 2;
}
