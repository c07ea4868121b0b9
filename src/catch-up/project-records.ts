// Compares the runs of session directories with the entries of a project, for a backfill and a sync.
import { dirname, join } from "node:path";
import { failedRuns } from "../changelog/failures.ts";
import { entriesFiles } from "../changelog/project-entries.ts";
import { type RecordedRun, RecordedRuns, type RecordedRunTimes } from "../runs/recorded-entries.ts";
import type { RunDescription } from "../runs/run-description.ts";
import { describeProject } from "./backfill/session-directories.ts";
import {
  type BackfillPolicy,
  type Decision,
  decide,
  needsRecording,
  type PlannedRun,
  type RunWithRange,
} from "./planned-run.ts";

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
