// Which run an export is: a new one, the next stretch of a session, or one that is known already. Pure.

/** A run that was exported before, by its positions in the log. */
export interface KnownRun {
  runId: string;
  from: number;
  to: number;
}

/** The part of the log an export is about. */
export interface RunPlan {
  /** Set when everything in the range was exported before: the export is about that very run. */
  known: KnownRun | null;
  from: number;
  to: number;
  /** The run before this one in the same session. */
  continuationOf: string | null;
}

/**
 * Holds the range a window resolved to against the runs known so far: the new run is the last part of the range that
 * no run covers. It starts where the run before it ended, even when the window starts later, because what happened in
 * between belongs to somebody and nothing may be lost. Null when the range holds nothing.
 */
export function planRun(range: { from: number; to: number }, known: readonly KnownRun[]): RunPlan | null {
  if (range.from >= range.to) return null;
  const runs = known.filter((run) => run.from < run.to).sort((a, b) => a.from - b.from || a.to - b.to);
  const before = (position: number) => runs.findLast((run) => run.to <= position);

  // From the end of the range back over every run that reaches it.
  let to = range.to;
  for (const run of runs.toReversed()) if (run.from < to && to <= run.to) to = run.from;
  if (to <= range.from) {
    const last = runs.findLast((run) => run.from < range.to && range.to <= run.to);
    if (last === undefined) return null;
    return { known: last, from: last.from, to: last.to, continuationOf: before(last.from)?.runId ?? null };
  }
  const previous = before(to);
  return { known: null, from: previous?.to ?? range.from, to, continuationOf: previous?.runId ?? null };
}

/** Which run a plan is about, for `CTX_DEBUG`. */
export function describePlan(plan: RunPlan | null): string {
  if (plan === null) return "nothing to export";
  const { known, from, to, continuationOf } = plan;
  const previous = continuationOf === null ? "first run" : `run after ${continuationOf}`;
  return `${known === null ? previous : `known run ${known.runId}`}, bytes ${from} to ${to}`;
}
