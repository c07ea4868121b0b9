// Recognizes records that a log holds twice, by the ids that the tool gave them.

/** Older ids are forgotten after this many newer ones, up to twice as many, so that memory stays bounded. */
const GENERATION = 150_000;

export class SeenIds {
  #recent = new Set<number>();
  #older = new Set<number>();

  /** Whether an id is seen for the first time. */
  isNew(id: string): boolean {
    const key = hash(id);
    if (this.#recent.has(key) || this.#older.has(key)) return false;
    this.#recent.add(key);
    if (this.#recent.size >= GENERATION) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    return true;
  }
}

/** 53 bits: a set of numbers takes a fraction of the memory of a set of strings. */
function hash(text: string): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
