// The runs of a session that were exported before, as far as their positions still hold.

import { hashPrefix } from "../system/chunks.ts";
import { readRecordsOfSession, type StoredExportRecord } from "./export-records.ts";
import type { KnownRun } from "./plan.ts";

/** A run that was exported before. */
export interface EarlierRun extends KnownRun {
  endHash: string | null;
  /** When it ended, by the log's own times. */
  endedAt: string | null;
}

export interface EarlierRuns {
  /** None when their positions mean nothing any more. */
  runs: EarlierRun[];
  /** The one that ends last. */
  last: EarlierRun | null;
  /** The label the session had last. */
  label: string | null;
  /** What the tool did to what was exported already; null when it only appended. */
  changed: "rewritten" | "cut short" | null;
}

/** Nothing was exported yet. */
export const NO_EARLIER_RUNS: EarlierRuns = { runs: [], last: null, label: null, changed: null };

/** Reads what a session directory says of a session, and holds it against the log as it is now. */
export async function readEarlierRuns(directory: string, sessionId: string, logPath: string): Promise<EarlierRuns> {
  const rows = readRecordsOfSession(directory, sessionId);
  const label = rows.findLast((row) => row.label !== null)?.label ?? null;
  const runs = [...new Map(rows.flatMap(toRun).map((run) => [run.runId, run])).values()];
  return { ...(await verifyPositions(logPath, runs)), label };
}

/** Runs whose positions are known, held against the log as it is now. */
export async function verifyPositions(logPath: string, runs: EarlierRun[]): Promise<Omit<EarlierRuns, "label">> {
  const last = lastRun(runs);
  if (last === null || last.endHash === null) return { runs, last, changed: null };
  const hash = await hashPrefix(logPath, last.to);
  if (hash === last.endHash) return { runs, last, changed: null };
  return { runs: [], last, changed: hash === null ? "cut short" : "rewritten" };
}

/** The one that ends last. */
export function lastRun(runs: readonly EarlierRun[]): EarlierRun | null {
  return runs.reduce<EarlierRun | null>((a, b) => (a === null || b.to > a.to ? b : a), null);
}

/** None for a run of the ancestor, which knew no positions. */
function toRun({ run_id, from, to, end_hash, last_at, end }: StoredExportRecord): EarlierRun[] {
  if (run_id === null || from === null || to === null) return [];
  return [{ runId: run_id, from, to, endHash: end_hash, endedAt: last_at ?? end }];
}
