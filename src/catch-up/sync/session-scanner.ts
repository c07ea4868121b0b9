// Scans the native logs for unrecorded runs and finds the repository of each session. Only reads; a session that fits
// several repositories is skipped until it is assigned to one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mapParallel } from "../../agents/log-heads.ts";
import type { Tool } from "../../agents/tool.ts";
import { instantOf } from "../../events/timestamps.ts";
import type { CommitClaim } from "../../evidence/git/commit-claims.ts";
import { hasCommitOf } from "../../evidence/git/resolve-commits.ts";
import { ActivityMonitor } from "../../sessions/activity.ts";
import { knownCommits } from "../../sessions/folder-match.ts";
import {
  findNativeLogs,
  lastActiveAt,
  type NativeLog,
  readNativeLog,
  toolFilesFilter,
} from "../../sessions/native-logs.ts";
import { messageOf } from "../../system/errors.ts";
import { isSameFolder } from "../../system/folder-identity.ts";
import type { Environment } from "../../system/paths.ts";
import {
  plannedUnrecorded,
  planSession,
  planUnrecorded,
  readUnrecordedRange,
  type SessionPlan,
  type UnrecordedRange,
  type UnrecordedRun,
} from "../plan-session.ts";
import { isDamage, noSkippedRuns } from "../planned-run.ts";
import { type ProjectQuery, ProjectRecords } from "../project-records.ts";
import { type Candidate, chooseRepository, Repositories } from "./choose-repository.ts";
import { PendingSessions } from "./pending-sessions.ts";
import type { ScanResult, SkippedSession, SkipReason } from "./scan-result.ts";

export interface ScanQuery extends ProjectQuery {
  tools: readonly Tool[];
  /** Milliseconds since the epoch, both. */
  since: number;
  until: number;
  /** The only log to read, whatever its time; null for all. */
  source: string | null;
  /** The only repository to record in, by its real path; null for all. */
  only: string | null;
  /** The repository of the current folder; null if it is in none. */
  current: string | null;
  /** Whether the settings of a repository ask for a changelog; null if they do not say. */
  wantsChangelog: (root: string) => boolean | null;
  env: Environment;
  home: string;
  now: () => Date;
}

/** A session that fits no repository by its folders, and the commits that its log shows. */
interface Unplaced {
  session: SkippedSession;
  commits: CommitClaim[];
}

export class SessionScanner {
  readonly #query: ScanQuery;
  readonly #repositories: Repositories;
  readonly #records = new Map<string, Promise<ProjectRecords>>();
  readonly #activity: ActivityMonitor;
  readonly #isToolFile: (path: string) => boolean;
  #pending = new PendingSessions();
  #sessionIds: readonly string[] = [];
  readonly result: ScanResult = {
    considered: 0,
    sessions: 0,
    roots: [],
    found: [],
    skippedSessions: [],
    skippedRuns: noSkippedRuns(),
    damaged: [],
  };

  constructor(query: ScanQuery) {
    this.#query = query;
    this.#repositories = new Repositories(query.only);
    this.#activity = new ActivityMonitor(query.env, query.home, query.now());
    this.#isToolFile = toolFilesFilter(query.env, query.home);
  }

  async scan(): Promise<ScanResult> {
    const { env, home, source } = this.#query;
    const { logs, considered, damaged } =
      source === null
        ? await findNativeLogs(this.#query)
        : { logs: [await readNativeLog(source)], considered: 1, damaged: [] };
    this.result.damaged.push(...damaged);
    this.result.considered = considered;
    this.result.sessions = logs.length;
    this.#sessionIds = logs.map(({ head }) => head.sessionId);
    this.#pending = await PendingSessions.read(env, home);
    const known = await this.#knownRepositories(logs);
    // Oldest first, so that entries are in the order of the work.
    const unplaced = await mapParallel(logs.toReversed(), async (log) => {
      return await this.#unlessDamaged(log, async () => await this.#place(log, known.get(log) ?? null));
    });
    await this.#placeByCommit(unplaced.filter((session) => session !== null));
    this.result.found.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
    this.result.skippedSessions.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
    return this.result;
  }

  /** Plans a skipped session in the repository that the user chose. */
  async assign(session: SkippedSession, root: string): Promise<void> {
    const { skippedSessions, found } = this.result;
    skippedSessions.splice(skippedSessions.indexOf(session), 1);
    await this.#unlessDamaged(session.log, async () => await this.#plan(session.log, root, true));
    found.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
  }

  /** Returns null, and reports the log, if it is damaged. */
  async #unlessDamaged<Result>(log: NativeLog, action: () => Promise<Result>): Promise<Result | null> {
    try {
      return await action();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.result.damaged.push({ path: log.path, problem: messageOf(error) });
      return null;
    }
  }

  /** The repositories in which sessions were recorded or exported before. */
  async #knownRepositories(logs: readonly NativeLog[]): Promise<Map<NativeLog, string>> {
    const { only, current } = this.#query;
    const homes = await mapParallel(logs, async ({ head: { cwd } }) => {
      return cwd === null ? null : await this.#repositories.rootOf(cwd);
    });
    const roots = [...new Set([only, current, ...homes])].filter((root) => root !== null);
    const records = (await mapParallel(roots, async (root) => await this.#usableRecordsOf(root))).flat();
    const known = new Map<NativeLog, string>();
    for (const log of logs) {
      const best = records
        .filter((project) => project.knows(log.head.sessionId))
        .toSorted((a, b) => lastEnd(b, log) - lastEnd(a, log))[0];
      if (best !== undefined) known.set(log, best.root);
    }
    return known;
  }

  /** Empty if the repository is damaged. The damage is reported for the sessions that belong to it. */
  async #usableRecordsOf(root: string): Promise<ProjectRecords[]> {
    try {
      return [await this.#recordsOf(root)];
    } catch (error) {
      if (!isDamage(error)) throw error;
      return [];
    }
  }

  /** Finds the repository of a session and plans it there. Returns the session if no repository fits. */
  async #place(log: NativeLog, known: string | null): Promise<Unplaced | null> {
    const { source, only, home } = this.#query;
    if (this.#pending.includes(log)) return this.#skip(log, "pending", { root: known });
    if (source !== null && only !== null && (known ?? only) === only) return await this.#plan(log, only, true);
    if (known !== null) return await this.#plan(log, known, false);
    if ((await this.#activity.stateOf(log, "rest")) === "going") return this.#skip(log, "running");
    const run = await planUnrecorded(log);
    const range = run === null ? null : await readUnrecordedRange(log, run.range, home);
    if (run === null || range?.isReportable !== true) {
      this.result.skippedRuns.nothing += 1;
      return null;
    }
    const choice = await chooseRepository(log.head.cwd, range.locations, this.#repositories, this.#isToolFile);
    const { promptLabel } = range;
    if (choice === null) {
      const session: SkippedSession = { log, reason: "no-repository", root: null, candidates: [], promptLabel };
      return { session, commits: range.locations.commits };
    }
    if ("root" in choice) return await this.#plan(log, choice.root, false, { run, range });
    return await this.#planAmong(log, choice.candidates, promptLabel);
  }

  /** Plans a session in the candidate repository that has records of the session; skips the session if none has. */
  async #planAmong(log: NativeLog, candidates: Candidate[], promptLabel: string | null): Promise<null> {
    for (const { root } of candidates) {
      if ((await this.#recordsOf(root)).knows(log.head.sessionId)) return await this.#plan(log, root, false);
    }
    const { only } = this.#query;
    const isPossible = only === null || candidates.some(({ root }) => root === only);
    return this.#skip(log, isPossible ? "several" : "elsewhere", { candidates, promptLabel });
  }

  /**
   * Handles sessions whose folders no longer exist, such as those in removed worktrees: the repository may have the commit
   * at their start, or one that they made.
   */
  async #placeByCommit(unplaced: readonly Unplaced[]): Promise<void> {
    const { only, current } = this.#query;
    const root = only ?? current;
    const starts = unplaced.flatMap(({ session: { log } }) => log.head.git.commit ?? []);
    const known = root === null ? new Set<string>() : await knownCommits(root, starts);
    for (const { session, commits } of unplaced) {
      const { log } = session;
      const fits = root !== null && (known.has(log.head.git.commit ?? "") || (await hasCommitOf(root, commits)));
      if (fits) await this.#unlessDamaged(log, async () => await this.#plan(log, root, false));
      else this.result.skippedSessions.push(session);
    }
  }

  /** `isChosen`: whether the user chose the repository. `read`: the unrecorded run, if it was read already. */
  async #plan(
    log: NativeLog,
    root: string,
    isChosen: boolean,
    read: { run: UnrecordedRun; range: UnrecordedRange } | null = null,
  ): Promise<null> {
    const promptLabel = read?.range.promptLabel ?? null;
    const refusal = isChosen ? null : this.#refusalOf(root);
    if (refusal !== null) return this.#skip(log, refusal, { root, promptLabel });
    if (this.#pending.mayInclude(log, root)) return this.#skip(log, "pending", { root, promptLabel });
    const records = await this.#recordsOf(root);
    const { home, env } = this.#query;
    const isKnown = records.knows(log.head.sessionId);
    const plan: SessionPlan = isKnown
      ? await planSession(log, records, { root, env, home })
      : { known: [], unrecorded: read?.run ?? (await planUnrecorded(log)), skipped: [] };
    for (const reason of plan.skipped) this.result.skippedRuns[reason] += 1;
    const runs = [...plan.known];
    if (plan.unrecorded !== null) {
      const range = (isKnown ? null : read?.range) ?? (await readUnrecordedRange(log, plan.unrecorded.range, home));
      const state = range.isReportable ? await this.#activity.stateOf(log, range.end) : null;
      if (state === null) this.result.skippedRuns.nothing += 1;
      else if (state === "going") this.#skip(log, "running", { root, promptLabel: range.promptLabel });
      else runs.push(plannedUnrecorded(log, plan.unrecorded, range.promptLabel));
    }
    if (runs.length > 0) this.result.found.push({ log, root, runs });
    return null;
  }

  /** Why no run is recorded in a repository; null if runs are recorded there. */
  #refusalOf(root: string): SkipReason | null {
    const { only, current, wantsChangelog } = this.#query;
    if (only !== null) return root === only ? null : "elsewhere";
    if (current !== null && isSameFolder(root, current)) return null;
    const wanted = wantsChangelog(root);
    if (wanted === false) return "changelog-off";
    return wanted === true || existsSync(join(root, ".changelog")) ? null : "no-changelog";
  }

  #skip(log: NativeLog, reason: SkipReason, about: Partial<Omit<SkippedSession, "log" | "reason">> = {}): null {
    this.result.skippedSessions.push({ log, reason, root: null, candidates: [], promptLabel: null, ...about });
    return null;
  }

  #recordsOf(root: string): Promise<ProjectRecords> {
    let records = this.#records.get(root);
    if (records === undefined) {
      records = ProjectRecords.ofSessions(root, this.#sessionIds, this.#query);
      this.#records.set(root, records);
      this.result.roots.push(root);
    }
    return records;
  }
}

/** The end of the last recorded run of a session in a project. */
function lastEnd({ recorded }: ProjectRecords, { head }: NativeLog): number {
  return instantOf(recorded.inSession(head.sessionId).at(-1)?.end ?? null) ?? 0;
}
