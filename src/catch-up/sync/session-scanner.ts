// Looks through the tools' own logs for what nobody recorded yet, and tells for each session where it belongs. Reads
// only; what several repositories may claim is left open.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { mapParallel } from "../../agents/log-heads.ts";
import type { Tool } from "../../agents/tool.ts";
import { instantOf } from "../../events/timestamps.ts";
import { ActivityMonitor } from "../../sessions/activity.ts";
import {
  findNativeLogs,
  lastActiveAt,
  type NativeLog,
  readNativeLog,
  toolFilesFilter,
} from "../../sessions/native-logs.ts";
import { knownCommits } from "../../sessions/path-cache.ts";
import { messageOf } from "../../system/errors.ts";
import type { Environment } from "../../system/paths.ts";
import { isDamage } from "../place-runs.ts";
import { type Candidate, type Choice, chooseRepository } from "./choose-repository.ts";
import { PendingSessions } from "./pending-sessions.ts";
import {
  plannedUnrecorded,
  planSession,
  planUnrecorded,
  type SessionPlan,
  type UnrecordedRun,
} from "./plan-session.ts";
import { type ProjectQuery, ProjectRecords } from "./project-records.ts";
import { Repositories } from "./repositories.ts";
import type { ScanResult, SkippedSession, SkipReason } from "./scan-result.ts";
import { readUnrecordedRange, type UnrecordedRange } from "./unrecorded-range.ts";

export interface ScanQuery extends ProjectQuery {
  tools: readonly Tool[];
  /** Milliseconds since the epoch, both. */
  since: number;
  until: number;
  /** The one log that is meant, whenever it was worked on; null for all. */
  source: string | null;
  /** The only repository that is meant, by its real path; null for all. */
  only: string | null;
  /** The repository of the current folder; null where that is in none. */
  current: string | null;
  /** What is said of changelogs in a repository: null where nobody says anything. */
  wantsChangelog: (root: string) => boolean | null;
  env: Environment;
  home: string;
  now: () => Date;
}

export class SessionScanner {
  readonly #query: ScanQuery;
  readonly #repositories: Repositories;
  readonly #records = new Map<string, Promise<ProjectRecords>>();
  readonly #atWork: ActivityMonitor;
  readonly #isOwnFile: (path: string) => boolean;
  #pending = new PendingSessions();
  #ids: readonly string[] = [];
  readonly look: ScanResult = {
    considered: 0,
    sessions: 0,
    roots: [],
    found: [],
    skippedSessions: [],
    skippedRuns: { recorded: 0, "only-builtin": 0, "failed-before": 0, nothing: 0 },
    damaged: [],
  };

  constructor(query: ScanQuery) {
    this.#query = query;
    this.#repositories = new Repositories(query.only);
    this.#atWork = new ActivityMonitor(query.env, query.home, query.now());
    this.#isOwnFile = toolFilesFilter(query.env, query.home);
  }

  /** Looks through all of them. */
  async run(): Promise<ScanResult> {
    const { env, home, source } = this.#query;
    const { logs, considered } =
      source === null ? await findNativeLogs(this.#query) : { logs: [await readNativeLog(source)], considered: 1 };
    this.look.considered = considered;
    this.look.sessions = logs.length;
    this.#ids = logs.map(({ head }) => head.sessionId);
    this.#pending = await PendingSessions.read(env, home);
    const lost: SkippedSession[] = [];
    const known = await this.#knownPlaces(logs);
    // Oldest first, so that entries come in the order of the work.
    await mapParallel(logs.toReversed(), async (log) => {
      await this.#unlessDamaged(log, async () => await this.#place(log, known.get(log) ?? null, lost));
    });
    await this.#placeByCommit(lost);
    this.look.found.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
    this.look.skippedSessions.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
    return this.look;
  }

  /** Takes a session that several repositories may claim into one of them, by the person's word. */
  async settle(session: SkippedSession, root: string): Promise<void> {
    this.look.skippedSessions.splice(this.look.skippedSessions.indexOf(session), 1);
    await this.#unlessDamaged(session.log, async () => await this.#plan(session.log, root, true));
    this.look.found.sort((a, b) => lastActiveAt(a.log) - lastActiveAt(b.log));
  }

  async #unlessDamaged(log: NativeLog, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.look.damaged.push({ path: log.path, problem: messageOf(error) });
    }
  }

  /** The repositories that know a session already: by what was recorded or exported of it before. */
  async #knownPlaces(logs: readonly NativeLog[]): Promise<Map<NativeLog, string>> {
    const { only, current } = this.#query;
    const homes = await mapParallel(logs, async ({ head: { cwd } }) => {
      return cwd === null ? null : await this.#repositories.rootOf(cwd);
    });
    const roots = [...new Set([only, current, ...homes])].filter((root) => root !== null);
    // What is wrong with a repository is said where a session belongs to it.
    const records = await mapParallel(roots, async (root) => await unlessDamaged(this.#recordsOf(root)));
    const places = new Map<NativeLog, string>();
    for (const log of logs) {
      const best = records
        .filter((project) => project !== null)
        .filter((project) => project.knows(log.head.sessionId))
        .toSorted((a, b) => lastEnd(b, log) - lastEnd(a, log))[0];
      if (best !== undefined) places.set(log, best.root);
    }
    return places;
  }

  async #place(log: NativeLog, known: string | null, lost: SkippedSession[]): Promise<void> {
    const { source, only, home } = this.#query;
    if (this.#pending.includes(log)) {
      this.#leave(log, "pending", { root: known });
      return;
    }
    if (source !== null && only !== null && (known ?? only) === only) {
      await this.#plan(log, only, true);
      return;
    }
    if (known !== null) {
      await this.#plan(log, known, false);
      return;
    }
    if ((await this.#atWork.stateOf(log, "rest")) === "going") {
      this.#leave(log, "running");
      return;
    }
    const fresh = await planUnrecorded(log);
    const stretch = fresh === null ? null : await readUnrecordedRange(log, fresh.range, home);
    if (fresh === null || stretch?.isReportable !== true) {
      this.look.skippedRuns.nothing += 1;
      return;
    }
    const choice = await this.#choose(log, stretch);
    if (choice === null)
      lost.push({ log, reason: "no-repository", root: null, candidates: [], promptLabel: stretch.promptLabel });
    else if ("root" in choice) await this.#plan(log, choice.root, false, { fresh, stretch });
    else await this.#open(log, choice.candidates, stretch);
  }

  async #choose({ head }: NativeLog, { whereabouts }: UnrecordedRange): Promise<Choice> {
    return await chooseRepository(head.cwd, whereabouts, this.#repositories, this.#isOwnFile);
  }

  /** Several fit, unless one of them knows the session. */
  async #open(log: NativeLog, candidates: Candidate[], { promptLabel: asked }: UnrecordedRange): Promise<void> {
    for (const { root } of candidates) {
      if (!(await this.#recordsOf(root)).knows(log.head.sessionId)) continue;
      await this.#plan(log, root, false);
      return;
    }
    const { only } = this.#query;
    const isMeant = only === null || candidates.some(({ root }) => root === only);
    this.#leave(log, isMeant ? "several" : "elsewhere", { candidates, promptLabel: asked });
  }

  /** Folders that are gone tell nothing, but the commit a session began at may be in the repository that is meant. */
  async #placeByCommit(lost: readonly SkippedSession[]): Promise<void> {
    const { only, current } = this.#query;
    const root = only ?? current;
    const commits = lost.flatMap(({ log }) => log.head.git.commit ?? []);
    const known = root === null ? new Set<string>() : await knownCommits(root, commits);
    for (const session of lost) {
      const { log } = session;
      const { commit } = log.head.git;
      if (root === null || commit === null || !known.has(commit)) this.look.skippedSessions.push(session);
      else await this.#unlessDamaged(log, async () => await this.#plan(log, root, false));
    }
  }

  /** `isNamed`: the person said that it is this repository. */
  async #plan(
    log: NativeLog,
    root: string,
    isNamed: boolean,
    read: { fresh: UnrecordedRun; stretch: UnrecordedRange } | null = null,
  ): Promise<void> {
    const refusal = isNamed ? null : this.#refusalOf(root);
    const asked = read?.stretch.promptLabel ?? null;
    if (refusal !== null) {
      this.#leave(log, refusal, { root, promptLabel: asked });
      return;
    }
    if (this.#pending.mayInclude(log, root)) {
      this.#leave(log, "pending", { root, promptLabel: asked });
      return;
    }
    const records = await this.#recordsOf(root);
    const { home, env } = this.#query;
    const isKnown = records.knows(log.head.sessionId);
    const plan: SessionPlan = isKnown
      ? await planSession(log, records, { root, env, home })
      : { known: [], unrecorded: read?.fresh ?? (await planUnrecorded(log)), skipped: [] };
    for (const decision of plan.skipped) this.look.skippedRuns[decision] += 1;
    const runs = [...plan.known];
    if (plan.unrecorded !== null) {
      const stretch = (isKnown ? null : read?.stretch) ?? (await readUnrecordedRange(log, plan.unrecorded.range, home));
      const standing = stretch.isReportable ? await this.#atWork.stateOf(log, stretch.end) : null;
      if (standing === null) this.look.skippedRuns.nothing += 1;
      else if (standing === "going") this.#leave(log, "running", { root, promptLabel: stretch.promptLabel });
      else runs.push(plannedUnrecorded(log, plan.unrecorded, stretch.promptLabel));
    }
    if (runs.length > 0) this.look.found.push({ log, root, runs });
  }

  /** Why nothing is recorded in a repository: nobody asked for a changelog there. */
  #refusalOf(root: string): SkipReason | null {
    const { only, current, wantsChangelog } = this.#query;
    if (only !== null) return root === only ? null : "elsewhere";
    if (root === current) return null;
    const wanted = wantsChangelog(root);
    if (wanted === false) return "changelog-off";
    return wanted === true || existsSync(join(root, ".changelog")) ? null : "no-changelog";
  }

  #leave(log: NativeLog, reason: SkipReason, about: Partial<Omit<SkippedSession, "log" | "reason">> = {}): void {
    this.look.skippedSessions.push({ log, reason, root: null, candidates: [], promptLabel: null, ...about });
  }

  #recordsOf(root: string): Promise<ProjectRecords> {
    let records = this.#records.get(root);
    if (records === undefined) {
      records = ProjectRecords.read(root, this.#ids, this.#query);
      this.#records.set(root, records);
      this.look.roots.push(root);
    }
    return records;
  }
}

/** Null where a repository is damaged, or leads out of itself. */
async function unlessDamaged<Result>(result: Promise<Result>): Promise<Result | null> {
  try {
    return await result;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return null;
  }
}

/** When the last thing ended that a project recorded of a session. */
function lastEnd({ recorded }: ProjectRecords, { head }: NativeLog): number {
  return instantOf(recorded.inSession(head.sessionId).at(-1)?.end ?? null) ?? 0;
}
