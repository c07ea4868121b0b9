// The runs of a session that were exported before, as far as their positions still hold.

import { hashPrefix } from "../system/prefix-hash.ts";
import { readRunsOf, type StoredRun } from "./export-records.ts";
import type { KnownRun } from "./plan.ts";

/** A run that was exported before. */
export interface ExportedBefore extends KnownRun {
  endHash: string | null;
  /** When it ended, by the log's own times. */
  endedAt: string | null;
}

export interface KnownRuns {
  /** None when their positions mean nothing any more. */
  runs: ExportedBefore[];
  /** The one that ends last. */
  last: ExportedBefore | null;
  /** The label the session had last. */
  label: string | null;
  /** What the tool did to what was exported already; null when it only appended. */
  changed: "rewritten" | "cut short" | null;
}

/** Nothing was exported yet. */
export const NO_RUNS: KnownRuns = { runs: [], last: null, label: null, changed: null };

/** Reads what a session directory says of a session, and holds it against the log as it is now. */
export async function readKnownRuns(directory: string, sessionId: string, logPath: string): Promise<KnownRuns> {
  const rows = readRunsOf(directory, sessionId);
  const label = rows.findLast((row) => row.label !== null)?.label ?? null;
  const runs = [...new Map(rows.flatMap(toRun).map((run) => [run.runId, run])).values()];
  return { ...(await holdAgainst(logPath, runs)), label };
}

/** Runs whose positions are known, held against the log as it is now. */
export async function holdAgainst(logPath: string, runs: ExportedBefore[]): Promise<Omit<KnownRuns, "label">> {
  const last = lastOf(runs);
  if (last === null || last.endHash === null) return { runs, last, changed: null };
  const hash = await hashPrefix(logPath, last.to);
  if (hash === last.endHash) return { runs, last, changed: null };
  return { runs: [], last, changed: hash === null ? "cut short" : "rewritten" };
}

/** The one that ends last. */
export function lastOf(runs: readonly ExportedBefore[]): ExportedBefore | null {
  return runs.reduce<ExportedBefore | null>((a, b) => (a === null || b.to > a.to ? b : a), null);
}

/** None for a run of the ancestor, which knew no positions. */
function toRun({ run_id, from, to, end_hash, last_at, end }: StoredRun): ExportedBefore[] {
  if (run_id === null || from === null || to === null) return [];
  return [{ runId: run_id, from, to, endHash: end_hash, endedAt: last_at ?? end }];
}
