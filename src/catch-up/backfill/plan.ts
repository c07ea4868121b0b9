// Plans a backfill: which runs of the session directories are recorded, and which are skipped.
import { RecordedRuns } from "../../runs/recorded-entries.ts";
import type { RunDescription } from "../../runs/run-description.ts";
import {
  type Damage,
  needsRecording,
  noSkippedRuns,
  type PlannedRun,
  pathOf,
  type SkippedRuns,
} from "../planned-run.ts";
import { type ProjectQuery, ProjectRecords } from "../project-records.ts";
import { findRunRanges, rangesInRecords } from "../run-ranges.ts";
import type { ProjectContext } from "../run-source.ts";
import { describeProject } from "./session-directories.ts";

export interface PlanQuery extends ProjectContext, ProjectQuery {
  /** Additional folders that contain session directories, as absolute paths. */
  sessionsDirs: readonly string[];
}

export interface BackfillPlan {
  /** How many session directories there are. */
  directories: number;
  /** The runs to record by session, in the order of its log. */
  sessions: PlannedRun[][];
  skipped: SkippedRuns;
  damaged: Damage[];
}

/** Plans a backfill. Writes nothing, and does not read the log of a session whose runs are all recorded. */
export async function planBackfill(query: PlanQuery): Promise<BackfillPlan> {
  const { root, sessionsDirs } = query;
  const { directories, runs, damaged } = await describeProject(root, sessionsDirs);
  const records = new ProjectRecords(root, runs, RecordedRuns.read(root, runs), query);
  const plan: BackfillPlan = { directories, sessions: [], skipped: noSkippedRuns(), damaged };
  for (const session of bySession(runs)) {
    const planned = await planDescribed(session, records, query, plan);
    if (planned.length > 0) plan.sessions.push(planned);
  }
  return plan;
}

/** The runs of one session to record; counts the other runs. */
async function planDescribed(
  session: readonly RunDescription[],
  records: ProjectRecords,
  query: PlanQuery,
  { skipped, damaged }: BackfillPlan,
): Promise<PlannedRun[]> {
  const empty = session.filter(({ isEmpty }) => isEmpty);
  skipped.nothing += new Set(empty.map(({ position }) => position?.runId)).size;
  const decisions = session
    .filter(({ position }) => position === null)
    .map((run) => records.decide(records.recorded.find(run)));
  const mustRead = decisions.some(needsRecording);
  if (!mustRead) for (const decision of decisions) if (!needsRecording(decision)) skipped[decision] += 1;

  // The ranges of recorded runs without a directory are needed too, so that the others do not cover them.
  const onlyEntries = new Set(mustRead ? withoutDirectory(session, records.recorded) : []);
  const { runs, unreadable } = mustRead
    ? await findRunRanges(session, (run) => records.recordedIdOf(run), query, onlyEntries)
    : { runs: rangesInRecords(session), unreadable: [] };
  for (const { described, problem } of unreadable) {
    if (onlyEntries.has(described)) continue;
    if (records.recorded.find(described) !== null) skipped.recorded += 1;
    else damaged.push({ path: pathOf(described), problem });
  }
  return runs.flatMap((run) => {
    if (run.described.isEmpty || onlyEntries.has(run.described)) return [];
    const planned = records.plan(run);
    if (typeof planned !== "string") return [planned];
    skipped[planned] += 1;
    return [];
  });
}

/** The runs of a session that have an entry, but no session directory. Any log of the session contains their ranges. */
function withoutDirectory(session: readonly RunDescription[], recorded: RecordedRuns): RunDescription[] {
  const [first] = session;
  if (first === undefined || first.sessionId === null) return [];
  return recorded.othersInSession(first.sessionId, session).map(({ runId, start, end }) => {
    return { ...first, label: "", position: null, hasWindow: true, isEmpty: false, start, end, existingRunId: runId };
  });
}

/** The runs of each session, from all its directories, sorted by directory name. */
function bySession(runs: readonly RunDescription[]): RunDescription[][] {
  const sorted = runs.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : pathOf(a) > pathOf(b) ? 1 : 0));
  const keyOf = (run: RunDescription) =>
    run.sessionId === null ? pathOf(run) : `${run.tool} ${run.sessionId.toLowerCase()}`;
  return [...Map.groupBy(sorted, keyOf).values()];
}
