// What a backfill has to do: every run of every session directory, held against what is recorded.
import { dirname, join } from "node:path";
import { mapParallel } from "../agents/log-heads.ts";
import { failedRuns } from "../changelog/failures.ts";
import { entriesFiles } from "../changelog/session-files.ts";
import type { DescribedRun } from "../runs/described-run.ts";
import { type RecordedRun, RecordedRuns } from "../runs/recorded-entries.ts";
import { messageOf } from "../system/errors.ts";
import { describeRuns, type SessionFolder } from "./backfill/describe-runs.ts";
import { findSessionFolders } from "./backfill/session-folders.ts";
import { type BackfillPolicy, type Decision, decide } from "./decide.ts";
import { isDamage, type PlacedRun, placedByRecords, placeRuns } from "./place-runs.ts";
import type { ProjectContext } from "./run-log.ts";
import type { Damage } from "./run-queue.ts";

export interface PlanQuery extends ProjectContext, BackfillPolicy {
  /** Folders of session directories besides the project's own, absolute. */
  sessionsDirs: readonly string[];
  /** Who is to put the runs into words. */
  evaluator: string;
}

/** A run to be recorded. */
export interface PlannedRun extends PlacedRun {
  action: "record" | "upgrade";
  /** The entry that no model saw, if it has one. */
  recorded: RecordedRun | null;
}

export interface BackfillPlan {
  /** How many session directories there are. */
  directories: number;
  /** What is to be done, by session, and in each in the order of its log. */
  sessions: PlannedRun[][];
  /** How many runs are left as they are, and why. */
  skipped: Record<Exclude<Decision, "record" | "upgrade"> | "nothing", number>;
  damaged: Damage[];
}

/** Plans a backfill. Writes nothing, and reads no log of a session whose runs are all recorded. */
export async function planBackfill(query: PlanQuery): Promise<BackfillPlan> {
  const { root, sessionsDirs } = query;
  const { directories, runs, damaged } = await describeProject(root, sessionsDirs);
  const planner = new Planner(query, RecordedRuns.read(root, runs), readFailedRuns(query), damaged);
  for (const session of bySession(runs)) await planner.add(session);
  return { directories, ...planner.result };
}

export interface DescribedProject {
  /** How many session directories there are. */
  directories: number;
  runs: DescribedRun[];
  damaged: Damage[];
}

/** What the session directories of a project tell of their runs. */
export async function describeProject(root: string, sessionsDirs: readonly string[]): Promise<DescribedProject> {
  const { folders, outside } = findSessionFolders(root, sessionsDirs);
  const damaged = outside.map((path): Damage => ({ path, problem: "it leads out of the project" }));
  const runs = (await mapParallel(folders, async (folder) => await describe(folder, damaged))).flat();
  return { directories: folders.length + outside.length, runs, damaged };
}

async function describe(folder: SessionFolder, damaged: Damage[]): Promise<DescribedRun[]> {
  const { directory } = folder;
  try {
    const { runs, problem } = await describeRuns(folder);
    if (problem !== null) damaged.push({ path: directory, problem });
    return runs;
  } catch (error) {
    if (!isDamage(error)) throw error;
    damaged.push({ path: directory, problem: messageOf(error) });
    return [];
  }
}

class Planner {
  readonly result: Omit<BackfillPlan, "directories">;
  readonly #query: PlanQuery;
  readonly #recorded: RecordedRuns;
  readonly #failed: ReadonlySet<string>;

  constructor(query: PlanQuery, recorded: RecordedRuns, failed: ReadonlySet<string>, damaged: Damage[]) {
    this.#query = query;
    this.#recorded = recorded;
    this.#failed = failed;
    const skipped = { recorded: 0, "only-builtin": 0, "failed-before": 0, nothing: 0 };
    this.result = { sessions: [], skipped, damaged };
  }

  async add(session: readonly DescribedRun[]): Promise<void> {
    const { skipped, damaged, sessions } = this.result;
    const idle = session.filter(({ isEmpty }) => isEmpty);
    skipped.nothing += new Set(idle.map(({ position }) => position?.runId)).size;
    const unplaced = session.filter(({ position }) => position === null);
    const isOpen = unplaced.some((run) => needsRecording(this.#decide(this.#recorded.find(run))));
    if (!isOpen) for (const run of unplaced) this.#skip(this.#decide(this.#recorded.find(run)));

    const nameOf = (run: DescribedRun) => this.#recorded.find(run)?.runId ?? null;
    // What is recorded of the session without a directory is none of this one's.
    const elsewhere = new Set(isOpen ? recordedElsewhere(session, this.#recorded) : []);
    const { runs, unreadable } = isOpen
      ? await placeRuns(session, nameOf, this.#query, elsewhere)
      : { runs: placedByRecords(session), unreadable: [] };
    for (const { described, problem } of unreadable) {
      if (elsewhere.has(described)) continue;
      if (this.#recorded.find(described) !== null) skipped.recorded += 1;
      else damaged.push({ path: pathOf(described), problem });
    }
    const own = runs.filter(({ described }) => !described.isEmpty && !elsewhere.has(described));
    const planned = own.flatMap((run) => this.#plan(run));
    if (planned.length > 0) sessions.push(planned);
  }

  #plan(run: PlacedRun): PlannedRun[] {
    const recorded = this.#recorded.byId(run.runId);
    const decision = this.#decide(recorded);
    if (needsRecording(decision)) return [{ ...run, action: decision, recorded }];
    this.#skip(decision);
    return [];
  }

  #decide(recorded: RecordedRun | null): Decision {
    return decide(recorded, this.#failed, this.#query);
  }

  #skip(decision: Decision): void {
    if (!needsRecording(decision)) this.result.skipped[decision] += 1;
  }
}

/** The runs of a session that have an entry, and of which none of its directories tells. Any of its logs places them. */
function recordedElsewhere(session: readonly DescribedRun[], recorded: RecordedRuns): DescribedRun[] {
  const [first] = session;
  if (first === undefined || first.sessionId === null) return [];
  return recorded.othersInSession(first.sessionId, session).map(({ runId, start, end }) => {
    const nameless = { label: "", position: null, hasWindow: true, isEmpty: false };
    return { ...first, ...nameless, start, end, existingRunId: runId };
  });
}

/** Where what is told of a run lies. */
export function pathOf({ directory, log }: DescribedRun): string {
  return directory ?? log ?? "";
}

export function needsRecording(decision: Decision): decision is "record" | "upgrade" {
  return decision === "record" || decision === "upgrade";
}

/** What the evaluator failed at, by whomever it was asked. */
export function readFailedRuns({ root, evaluator }: Pick<PlanQuery, "root" | "evaluator">): Set<string> {
  const files = entriesFiles(root).map((path) => join(dirname(path), "failures.jsonl"));
  return new Set(files.flatMap((path) => [...failedRuns(path, evaluator)]));
}

/** The runs of each session, whichever directories they are in, in the order in which those are called. */
function bySession(runs: readonly DescribedRun[]): DescribedRun[][] {
  const sessions = new Map<string, DescribedRun[]>();
  for (const run of runs.toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : pathOf(a) > pathOf(b) ? 1 : 0))) {
    const key = run.sessionId === null ? pathOf(run) : `${run.tool} ${run.sessionId.toLowerCase()}`;
    const session = sessions.get(key);
    if (session === undefined) sessions.set(key, [run]);
    else session.push(run);
  }
  return [...sessions.values()];
}
