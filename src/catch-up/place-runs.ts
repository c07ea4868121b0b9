// The ranges of a session's runs in its log. Export records of version 1 have only times, and a directory without
// export records not even those: their logs are read, unless every run has an entry.
import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import type { DescribedRun } from "../runs/described-run.ts";
import { describePlan, endOfRun, type KnownRun, planRun, startOfRun } from "../runs/earlier-runs.ts";
import { readHead } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { messageOf } from "../system/errors.ts";
import { isDamage, type PlacedRun } from "./planned-run.ts";
import { findRunLog, type ProjectContext } from "./run-source.ts";

/** `runs`: in the order of the log, each once. `unreadable`: runs whose logs are missing or damaged. */
export interface PlacedRuns {
  runs: PlacedRun[];
  unreadable: { described: DescribedRun; problem: string }[];
}

/** The runs whose export records have positions, each once. */
export function placedByRecords(session: readonly DescribedRun[]): PlacedRun[] {
  const runs = new Map<string, PlacedRun>();
  for (const described of session) {
    const { position } = described;
    if (position === null || runs.has(position.runId)) continue;
    const { runId, from, to, continuationOf } = position;
    runs.set(runId, { described, runId, range: { from, to }, continuationOf });
  }
  return [...runs.values()];
}

/**
 * Places every run of a session, including the recorded ones, because a run starts where the one before it ended.
 * `recordedIdOf` returns the id of a recorded run. `onlyEntries`: runs that only an entry describes.
 */
export async function placeRuns(
  session: readonly DescribedRun[],
  recordedIdOf: (run: DescribedRun) => string | null,
  context: ProjectContext,
  onlyEntries: ReadonlySet<DescribedRun> = new Set(),
): Promise<PlacedRuns> {
  const runs = placedByRecords(session);
  const unreadable: PlacedRuns["unreadable"] = [];
  const known: KnownRun[] = runs.map(({ runId, range }) => ({ runId, ...range }));
  const unplaced = [...session.filter(({ position }) => position === null), ...onlyEntries];
  for (const described of unplaced.toSorted(byEnd)) {
    try {
      const placed = await placeRun(described, known, recordedIdOf(described), context, onlyEntries.has(described));
      if (placed === null) continue;
      runs.push(placed);
      known.push({ runId: placed.runId, ...placed.range });
    } catch (error) {
      if (!isDamage(error)) throw error;
      unreadable.push({ described, problem: messageOf(error) });
    }
  }
  return { runs: runs.toSorted((a, b) => a.range.from - b.range.from), unreadable };
}

/** Null if the run is empty or other runs cover it. */
async function placeRun(
  described: DescribedRun,
  known: readonly KnownRun[],
  recordedId: string | null,
  context: ProjectContext,
  isOnlyEntry: boolean,
): Promise<PlacedRun | null> {
  const log = await findRunLog(described, context);
  const head = await readHead(log);
  const { start, end, hasWindow } = described;
  const window = await resolveWindow(log, head, hasWindow ? { start, end } : { start: null, end: null });
  const plan = planRun(window, known);
  debug("run", () => `${log.path}: ${describePlan(plan)}`);
  if (plan === null || plan.known !== null) return null;
  const id = recordedId ?? runId(head.tool, head.sessionId, plan.from);
  const { continuationOf } = plan;
  const from = isOnlyEntry ? startOfRun(id, head, known, plan.from) : plan.from;
  const to = isOnlyEntry ? await endOfRun(log, head, { from, to: plan.to }, end) : plan.to;
  return { described, runId: id, range: { from, to }, continuationOf };
}

/** A run without times covers its whole log, and comes last. */
function byEnd(a: DescribedRun, b: DescribedRun): number {
  const [endsA = 0, endsB = 0] = [a.end, b.end].map((end) => instantOf(end) ?? Number.POSITIVE_INFINITY);
  return endsA === endsB ? 0 : endsA - endsB;
}
