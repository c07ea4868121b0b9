// Several rows of one run, one answer: the same whatever order a merge left them in.
import type { StoredEntry } from "./stored-entry.ts";

/** Whether a model wrote the row. Version 1 had no other kind. */
export function isEvaluated({ evaluator }: { evaluator: { name: string } | null }): boolean {
  return evaluator?.name !== "builtin";
}

/** Keeps the best row of each run: an evaluated one beats a `builtin` one, a later one beats an earlier one. */
export class RunFold {
  readonly #best = new Map<string, StoredEntry>();

  add(entry: StoredEntry): void {
    const other = this.#best.get(entry.run_id);
    if (other === undefined || isBetter(entry, other)) this.#best.set(entry.run_id, entry);
  }

  /** One entry per run, oldest run first. */
  entries(): StoredEntry[] {
    return [...this.#best.values()].sort((a, b) => startOf(a) - startOf(b) || compare(a.run_id, b.run_id));
  }
}

/** One entry per run, oldest run first. */
export function foldEntries(entries: Iterable<StoredEntry>): StoredEntry[] {
  const fold = new RunFold();
  for (const entry of entries) fold.add(entry);
  return fold.entries();
}

function isBetter(a: StoredEntry, b: StoredEntry): boolean {
  if (isEvaluated(a) !== isEvaluated(b)) return isEvaluated(a);
  // As times, not as text: version 1 writes `+00:00` and microseconds.
  const difference = Date.parse(a.created_at) - Date.parse(b.created_at);
  if (difference !== 0) return difference > 0;
  return compare(JSON.stringify(a), JSON.stringify(b)) > 0;
}

function startOf(entry: StoredEntry): number {
  const start = Date.parse(entry.start ?? "");
  return Number.isNaN(start) ? Date.parse(entry.created_at) : start;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
