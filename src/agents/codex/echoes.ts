/**
 * Codex writes one thing as several kinds of record, in no fixed order. A text is new when one source has told it more
 * often than any source before: told twice by two sources it is one, told twice by one source it is two.
 */
export class Echoes {
  readonly #counts = new Map<string, { told: number; bySource: Record<string, number> }>();

  isNew(source: string, text: string): boolean {
    const key = text.trim();
    const count = this.#counts.get(key) ?? { told: 0, bySource: {} };
    this.#counts.set(key, count);
    const bySource = (count.bySource[source] ?? 0) + 1;
    count.bySource[source] = bySource;
    if (bySource <= count.told) return false;
    count.told = bySource;
    return true;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Forgets everything: echoes do not reach beyond a turn. */
  clear(): void {
    this.#counts.clear();
  }
}
