// What a project knows of some sessions: by its session directories and by its changelog, read once for all of them.

import type { DescribedRun } from "../../runs/described-run.ts";
import { type RecordedRun, RecordedRuns, type RecordedRunTimes } from "../../runs/recorded-entries.ts";
import { type BackfillPolicy, type Decision, decide } from "../decide.ts";
import { describeProject, readFailedRuns } from "../plan.ts";

export interface ProjectQuery extends BackfillPolicy {
  /** Who is to put the runs into words. */
  evaluator: string;
}

export class ProjectRecords {
  readonly root: string;
  readonly recorded: RecordedRuns;
  readonly #described: ReadonlyMap<string, DescribedRun[]>;
  readonly #failed: ReadonlySet<string>;
  readonly #wishes: BackfillPolicy;

  private constructor(
    root: string,
    described: ReadonlyMap<string, DescribedRun[]>,
    recorded: RecordedRuns,
    query: ProjectQuery,
  ) {
    this.root = root;
    this.recorded = recorded;
    this.#described = described;
    this.#failed = readFailedRuns({ ...query, root });
    this.#wishes = query;
  }

  static async read(root: string, sessions: readonly string[], query: ProjectQuery): Promise<ProjectRecords> {
    const asked = new Set(sessions.map((id) => id.toLowerCase()));
    const { runs } = await describeProject(root, []);
    const described = new Map<string, DescribedRun[]>();
    for (const run of runs) {
      const id = run.sessionId?.toLowerCase();
      if (id === undefined || !asked.has(id)) continue;
      described.set(id, [...(described.get(id) ?? []), run]);
    }
    const recorded = RecordedRuns.read(root, [...described.values()].flat(), sessions);
    return new ProjectRecords(root, described, recorded, query);
  }

  /** What the session directories tell of a session. */
  describedOf(sessionId: string): readonly DescribedRun[] {
    return this.#described.get(sessionId.toLowerCase()) ?? [];
  }

  knows(sessionId: string): boolean {
    return this.describedOf(sessionId).length > 0 || this.recorded.inSession(sessionId).length > 0;
  }

  /** The entries of a session that are of none of the runs its directories tell of. */
  entriesWithoutDirectory(sessionId: string): RecordedRunTimes[] {
    return this.recorded.othersInSession(sessionId, this.describedOf(sessionId));
  }

  decide(recorded: RecordedRun | null): Decision {
    return decide(recorded, this.#failed, this.#wishes);
  }
}
