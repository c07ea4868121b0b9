// Where the runs of a session lie in its log. The ancestor's books hold only times, and a directory without books not
// even those: their logs are read for it, and only where a run has no entry yet.

import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import type { DescribedRun } from "../runs/described-run.ts";
import { describePlan, type KnownRun, planRun } from "../runs/plan.ts";
import { endOfRun, startOfRun } from "../runs/recorded.ts";
import { type LogRange, readHead } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { findRunLog, type ProjectContext } from "./run-log.ts";

/** A run with its place in the log. */
export interface PlacedRun {
  described: DescribedRun;
  runId: string;
  range: LogRange;
  continuationOf: string | null;
}

/** `runs`: in the order of the log, each once. `lost`: those whose logs are gone or damaged, and why. */
export interface PlacedRuns {
  runs: PlacedRun[];
  unreadable: { described: DescribedRun; problem: string }[];
}

/** Those whose place is told by the books of their directories, each once. */
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
 * Places every run of a session, also those that are recorded: a run begins where the one before it ended. `nameOf`
 * gives the id under which a run is recorded already. Of some only an entry may tell.
 */
export async function placeRuns(
  session: readonly DescribedRun[],
  nameOf: (run: DescribedRun) => string | null,
  places: ProjectContext,
  ofEntries: ReadonlySet<DescribedRun> = new Set(),
): Promise<PlacedRuns> {
  const runs = placedByRecords(session);
  const lost: PlacedRuns["unreadable"] = [];
  const known: KnownRun[] = runs.map(({ runId, range }) => ({ runId, ...range }));
  const unplaced = [...session.filter(({ position }) => position === null), ...ofEntries];
  for (const described of unplaced.toSorted(byEnd)) {
    try {
      const placed = await placeRun(described, known, nameOf(described), places, ofEntries.has(described));
      if (placed === null) continue;
      runs.push(placed);
      known.push({ runId: placed.runId, ...placed.range });
    } catch (error) {
      if (!isDamage(error)) throw error;
      lost.push({ described, problem: messageOf(error) });
    }
  }
  return { runs: runs.toSorted((a, b) => a.range.from - b.range.from), unreadable: lost };
}

/** What is wrong with one session directory is no reason to leave the others. */
export function isDamage(error: unknown): error is Error {
  return error instanceof ExpectedError || (error instanceof Error && "syscall" in error);
}

/** Null when another run tells of all of it, or there is nothing. */
async function placeRun(
  described: DescribedRun,
  known: readonly KnownRun[],
  name: string | null,
  places: ProjectContext,
  isOfEntry: boolean,
): Promise<PlacedRun | null> {
  const log = await findRunLog(described, places);
  const head = await readHead(log);
  const { start, end, hasWindow } = described;
  const window = await resolveWindow(log, head, hasWindow ? { start, end } : { start: null, end: null });
  const plan = planRun(window, known);
  debug("run", () => `${log.path}: ${describePlan(plan)}`);
  if (plan === null || plan.known !== null) return null;
  const id = name ?? runId(head.tool, head.sessionId, plan.from);
  const { continuationOf } = plan;
  const from = isOfEntry ? startOfRun(id, head, known, plan) : plan.from;
  const to = isOfEntry ? await endOfRun(log, head, { from, to: plan.to }, end) : plan.to;
  return { described, runId: id, range: { from, to }, continuationOf };
}

/** What tells of no time is all of a log, and comes last. */
function byEnd(a: DescribedRun, b: DescribedRun): number {
  const [endsA, endsB] = [a.end, b.end].map((end) => instantOf(end) ?? Number.POSITIVE_INFINITY);
  return endsA === endsB ? 0 : (endsA ?? 0) - (endsB ?? 0);
}
