// Recognizes records that a log holds twice, by the ids that the tool gave them.
import { tableHash } from "../system/crypto.ts";

/** Older ids are forgotten after this many newer ones, up to twice as many, so that memory stays bounded. */
const GENERATION = 150_000;

export class SeenIds {
  #recent = new Set<number>();
  #older = new Set<number>();

  /** Whether an id is seen for the first time. */
  isNew(id: string): boolean {
    // A set of numbers takes a fraction of the memory of a set of strings.
    const key = tableHash(id);
    if (this.#recent.has(key) || this.#older.has(key)) return false;
    this.#recent.add(key);
    if (this.#recent.size >= GENERATION) {
      this.#older = this.#recent;
      this.#recent = new Set();
    }
    return true;
  }
}
