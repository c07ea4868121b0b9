// Compares the runs of session directories with the entries of a project, for a backfill and a sync; and plans a
// backfill.
import { dirname, join } from "node:path";
import { failedRuns } from "../changelog/failures.ts";
import { entriesFiles } from "../changelog/project-entries.ts";
import { type RecordedRun, RecordedRuns, type RecordedRunTimes } from "../runs/recorded-entries.ts";
import type { RunDescription } from "../runs/run-description.ts";
import { describeProject } from "./backfill/session-directories.ts";
import {
  type BackfillPolicy,
  type Damage,
  type Decision,
  decide,
  needsRecording,
  noSkippedRuns,
  type PlannedRun,
  pathOf,
  type RunWithRange,
  type SkippedRuns,
} from "./planned-run.ts";
import { findRunRanges, rangesInRecords } from "./run-ranges.ts";
import type { ProjectContext } from "./run-source.ts";

export interface ProjectQuery extends BackfillPolicy {
  /** The name of the evaluator. */
  evaluator: string;
}

/** What the session directories and the entries of a project say about runs. */
export class ProjectRecords {
  readonly root: string;
  readonly recorded: RecordedRuns;
  readonly #described: ReadonlyMap<string, readonly RunDescription[]>;
  readonly #failed: ReadonlySet<string>;
  readonly #policy: BackfillPolicy;

  constructor(root: string, described: readonly RunDescription[], recorded: RecordedRuns, query: ProjectQuery) {
    this.root = root;
    this.recorded = recorded;
    this.#described = Map.groupBy(described, ({ sessionId }) => sessionId?.toLowerCase() ?? "");
    const failures = entriesFiles(root).map((path) => join(dirname(path), "failures.jsonl"));
    this.#failed = new Set(failures.flatMap((path) => [...failedRuns(path, query.evaluator)]));
    this.#policy = query;
  }

  /** The records of a project about some sessions. */
  static async ofSessions(root: string, sessions: readonly string[], query: ProjectQuery): Promise<ProjectRecords> {
    const wanted = new Set(sessions.map((id) => id.toLowerCase()));
    const { runs } = await describeProject(root, []);
    const described = runs.filter(({ sessionId }) => sessionId !== null && wanted.has(sessionId.toLowerCase()));
    return new ProjectRecords(root, described, RecordedRuns.read(root, described, sessions), query);
  }

  /** The runs of a session that its session directories describe. */
  describedOf(sessionId: string): readonly RunDescription[] {
    return this.#described.get(sessionId.toLowerCase()) ?? [];
  }

  knows(sessionId: string): boolean {
    return this.describedOf(sessionId).length > 0 || this.recorded.inSession(sessionId).length > 0;
  }

  /** The entries of a session whose runs no session directory describes. */
  entriesWithoutDirectory(sessionId: string): RecordedRunTimes[] {
    return this.recorded.othersInSession(sessionId, this.describedOf(sessionId));
  }

  recordedIdOf(run: RunDescription): string | null {
    return this.recorded.find(run)?.runId ?? null;
  }

  decide(recorded: RecordedRun | null): Decision {
    return decide(recorded, this.#failed, this.#policy);
  }

  /** The run with its action, or why it is skipped. */
  plan(run: RunWithRange): PlannedRun | Exclude<Decision, PlannedRun["action"]> {
    const recorded = this.recorded.byId(run.runId);
    const decision = this.decide(recorded);
    return needsRecording(decision) ? { ...run, action: decision, recorded } : decision;
  }
}

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
