// Finds the ranges of a session's runs in its log. Export records of version 1 contain times but no positions, and a
// directory without export records contains neither: the log is read in both cases, unless every run has an entry.
import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import { describePlan, endOfRun, type KnownRun, planRun, startOfRun } from "../runs/earlier-runs.ts";
import type { RunDescription } from "../runs/run-description.ts";
import { readHead } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { messageOf } from "../system/errors.ts";
import { isDamage, type RunWithRange } from "./planned-run.ts";
import { findRunLog, type ProjectContext } from "./run-source.ts";

/** `runs`: in the order of the log, each once. `unreadable`: runs whose logs are missing or damaged. */
export interface RunRanges {
  runs: RunWithRange[];
  unreadable: { described: RunDescription; problem: string }[];
}

/** The runs whose export records have positions, each once. */
export function rangesInRecords(session: readonly RunDescription[]): RunWithRange[] {
  const runs = new Map<string, RunWithRange>();
  for (const described of session) {
    const { position } = described;
    if (position === null || runs.has(position.runId)) continue;
    const { runId, from, to, continuationOf } = position;
    runs.set(runId, { described, runId, range: { from, to }, continuationOf });
  }
  return [...runs.values()];
}

/**
 * Finds the range of every run of a session, including the recorded ones, because a run starts where the one before it
 * ended. `recordedIdOf` returns the id of a recorded run. `onlyEntries`: runs that only an entry describes.
 */
export async function findRunRanges(
  session: readonly RunDescription[],
  recordedIdOf: (run: RunDescription) => string | null,
  context: ProjectContext,
  onlyEntries: ReadonlySet<RunDescription> = new Set(),
): Promise<RunRanges> {
  const runs = rangesInRecords(session);
  const unreadable: RunRanges["unreadable"] = [];
  const known: KnownRun[] = runs.map(({ runId, range }) => ({ runId, ...range }));
  const withoutRange = [...session.filter(({ position }) => position === null), ...onlyEntries];
  for (const described of withoutRange.toSorted(byEnd)) {
    try {
      const found = await findRunRange(described, known, recordedIdOf(described), context, onlyEntries.has(described));
      if (found === null) continue;
      runs.push(found);
      known.push({ runId: found.runId, ...found.range });
    } catch (error) {
      if (!isDamage(error)) throw error;
      unreadable.push({ described, problem: messageOf(error) });
    }
  }
  return { runs: runs.toSorted((a, b) => a.range.from - b.range.from), unreadable };
}

/** Null if the run is empty or other runs cover it. */
async function findRunRange(
  described: RunDescription,
  known: readonly KnownRun[],
  recordedId: string | null,
  context: ProjectContext,
  isOnlyEntry: boolean,
): Promise<RunWithRange | null> {
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
function byEnd(a: RunDescription, b: RunDescription): number {
  const [endsA = 0, endsB = 0] = [a.end, b.end].map((end) => instantOf(end) ?? Number.POSITIVE_INFINITY);
  return endsA === endsB ? 0 : endsA - endsB;
}
