// The runs of a session that were exported before, as far as their positions still hold.
import { readRunsOf, type StoredRun } from "../changelog/export-runs.ts";
import { hashPrefixes } from "../sessions/window.ts";
import type { KnownRun } from "./plan-run.ts";

export interface KnownRuns {
  runs: KnownRun[];
  /** The label the session had last. */
  label: string | null;
  /**
   * Set when the tool rewrote what was exported already, so that positions mean nothing any more: when the last
   * exported run ended. What came later is new.
   */
  rewrittenSince: string | null;
}

/** Reads what a session directory says of a session, and holds it against the log as it is now. */
export async function readKnownRuns(directory: string, sessionId: string, logPath: string): Promise<KnownRuns> {
  const rows = readRunsOf(directory, sessionId);
  const label = rows.findLast((row) => row.label !== null)?.label ?? null;
  const positioned = new Map(rows.flatMap((row) => toKnownRun(row) ?? []).map((run) => [run.runId, run]));
  const runs = [...positioned.values()];

  const last = runs.reduce<PositionedRun | null>((a, b) => (a === null || b.to > a.to ? b : a), null);
  if (last === null || last.endHash === null) return { runs, label, rewrittenSince: null };
  const [hash] = await hashPrefixes(logPath, [last.to]);
  return hash === last.endHash
    ? { runs, label, rewrittenSince: null }
    : { runs: [], label, rewrittenSince: last.endedAt };
}

interface PositionedRun extends KnownRun {
  endHash: string | null;
  endedAt: string | null;
}

/** Null for a run of the ancestor, which knew no positions. */
function toKnownRun({ run_id, from, to, end_hash, last_at, end }: StoredRun): PositionedRun | null {
  if (run_id === null || from === null || to === null) return null;
  return { runId: run_id, from, to, endHash: end_hash, endedAt: last_at ?? end };
}
