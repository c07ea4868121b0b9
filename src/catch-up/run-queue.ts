// Records planned runs, each in its repository, and counts the results. A few sessions are processed at a time, and the
// runs of each session in order. Runs that another process is recording come last, so that two processes share the
// sessions.
import type { EvaluatorChoice } from "../changelog/record.ts";
import { sweepRunLocks } from "../changelog/run-lock.ts";
import { type Changelog, openChangelog } from "../changelog/store.ts";
import type { Failure } from "../evaluate/failure.ts";
import { cleanUpEvaluations } from "../export/record-entry.ts";
import { messageOf } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { type Damage, isDamage, type PlannedRun, pathOf } from "./planned-run.ts";
import { type MalformedLog, type RunOutcome, recordPlanned } from "./record-planned.ts";

/** Where runs are recorded, and the actor of new entries. */
export interface Destination {
  /** The project's root folder, by its real path. */
  root: string;
  actor: string;
}

/** The runs of one session to record, in order. */
export interface Assignment {
  destination: Destination;
  runs: readonly PlannedRun[];
}

export interface Batch {
  evaluator: EvaluatorChoice;
  /**
   * Every repository that was searched: locks of killed processes are removed there, even if nothing is to be recorded.
   */
  roots: readonly string[];
  assignments: readonly Assignment[];
  /** The number of runs beyond the limit. */
  beyondLimit: number;
}

export interface QueueOptions {
  concurrency: number;
  /** Whether to create a session directory for a session that has none. */
  exports: boolean;
  env: Environment;
  home: string;
  now: () => Date;
  /** Whether the user stopped the batch. */
  isAbandoned: () => boolean;
  onBegin: (run: PlannedRun) => void;
  /** `busy` is reported only after waiting for the other process. */
  onOutcome: (run: PlannedRun, outcome: RunOutcome) => void;
  onNotice: (notice: string) => void;
}

export interface QueueResult {
  recorded: number;
  upgraded: number;
  /** Runs for which another process recorded an entry since they were planned. */
  exists: number;
  nothing: number;
  damaged: Damage[];
  /** Recorded runs in whose logs something was skipped because it is damaged. */
  malformed: MalformedLog[];
  failed: { class: Failure["class"]; message: string; runs: number }[];
  /** Runs that are not finished. */
  remaining: number;
  /** Remaining runs that another process was recording and did not finish in time. */
  busy: number;
  /** Why the batch stopped early; null if it did not. */
  halted: Failure | null;
  tokens: { input: number; output: number };
}

export async function processQueue(batch: Batch, options: QueueOptions): Promise<QueueResult> {
  const results = new ResultCounter(batch);
  for (const root of batch.roots) await sweepLocks(root);
  await cleanUpEvaluations(options);
  const changelogs = new Changelogs(batch.assignments);
  const waiting = { onEvaluation: () => {}, isAbandoned: options.isAbandoned };
  const onMalformed = (log: MalformedLog) => results.result.malformed.push(log);
  const sessions = batch.assignments.map(({ destination, runs }) => runs.map((run) => ({ run, destination })));
  await processSessions(sessions, {
    concurrency: options.concurrency,
    async process({ run, destination }, waits) {
      if (options.isAbandoned()) return "halt";
      options.onBegin(run);
      const changelog = changelogs.open(destination);
      const context = { ...options, ...destination, evaluator: batch.evaluator, waiting, onMalformed };
      const outcome: RunOutcome =
        changelog instanceof Error
          ? { status: "damaged", problem: messageOf(changelog) }
          : await recordPlanned(run, waits, { ...context, changelog });
      if (outcome.status === "busy" && !waits) return "busy";
      results.add(run, outcome);
      options.onOutcome(run, outcome);
      if (outcome.status === "busy") return "busy";
      return outcome.status === "halted" || outcome.status === "abandoned" ? "halt" : "next";
    },
  });
  return results.result;
}

/** A lock that cannot be removed does not matter: its process is gone. */
async function sweepLocks(root: string): Promise<void> {
  try {
    await sweepRunLocks(root);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

/** Opens each changelog for its first run, so that a repository in which nothing is recorded gets no changelog. */
class Changelogs {
  readonly #opened = new Map<string, Changelog>();
  readonly #isOnlyOne: boolean;

  constructor(assignments: readonly Assignment[]) {
    this.#isOnlyOne = new Set(assignments.map(({ destination }) => destination.root)).size < 2;
  }

  /** Returns an error instead of throwing it if there are other repositories. */
  open({ root, actor }: Destination): Changelog | Error {
    try {
      const opened = this.#opened.get(root) ?? openChangelog(root, actor);
      this.#opened.set(root, opened);
      return opened;
    } catch (error) {
      if (this.#isOnlyOne || !isDamage(error)) throw error;
      return error;
    }
  }
}

class ResultCounter {
  readonly result: QueueResult;

  constructor({ assignments, beyondLimit }: Batch) {
    const runs = assignments.reduce((sum, assignment) => sum + assignment.runs.length, 0);
    this.result = {
      recorded: 0,
      upgraded: 0,
      exists: 0,
      nothing: 0,
      busy: 0,
      damaged: [],
      malformed: [],
      failed: [],
      remaining: runs + beyondLimit,
      halted: null,
      tokens: { input: 0, output: 0 },
    };
  }

  add({ described }: PlannedRun, outcome: RunOutcome): void {
    const { result } = this;
    switch (outcome.status) {
      case "halted":
        result.halted ??= outcome.failure;
        return;
      case "abandoned":
        return;
      case "busy":
        result.busy += 1;
        return;
      case "damaged":
        result.damaged.push({ path: pathOf(described), problem: outcome.problem });
        break;
      case "failed":
        this.#addFailure(outcome.failure);
        break;
      case "exists":
      case "nothing":
        result[outcome.status] += 1;
        break;
      case "recorded":
      case "upgraded":
        result[outcome.status] += 1;
        result.tokens.input += outcome.entry.evaluator.input_tokens ?? 0;
        result.tokens.output += outcome.entry.evaluator.output_tokens ?? 0;
    }
    result.remaining -= 1;
  }

  /** Keeps one message per failure class, and counts the runs. */
  #addFailure({ class: failureClass, message }: Failure): void {
    const same = this.result.failed.find((failure) => failure.class === failureClass);
    if (same !== undefined) same.runs += 1;
    else this.result.failed.push({ class: failureClass, message, runs: 1 });
  }
}

/**
 * What to do after a run.
 * - `next`: process the next run of the session
 * - `busy`: another process is recording the run; try the rest of the session later
 * - `halt`: start no further run; those in progress finish
 */
export type RunEnding = "next" | "busy" | "halt";

export interface SessionProcessor<Run> {
  concurrency: number;
  /** `waits`: whether to wait for another process that is recording the run. */
  process(run: Run, waits: boolean): Promise<RunEnding>;
}

/** Processes sessions in parallel. An error of a run is thrown after the others in progress have finished. */
export async function processSessions<Run>(
  sessions: readonly (readonly Run[])[],
  processor: SessionProcessor<Run>,
): Promise<void> {
  const { postponed, isHalted } = await processOnce(sessions, false, processor);
  if (!isHalted) await processOnce(postponed, true, processor);
}

async function processOnce<Run>(
  sessions: readonly (readonly Run[])[],
  waits: boolean,
  { concurrency, process }: SessionProcessor<Run>,
): Promise<{ postponed: (readonly Run[])[]; isHalted: boolean }> {
  const queue = [...sessions];
  const postponed: (readonly Run[])[] = [];
  let isHalted = false;
  const processSession = async (session: readonly Run[]) => {
    for (const [index, run] of session.entries()) {
      if (isHalted) return;
      const ending = await process(run, waits);
      if (ending === "next") continue;
      if (ending === "halt") isHalted = true;
      else postponed.push(session.slice(index));
      return;
    }
  };
  const worker = async () => {
    try {
      for (let next = queue.shift(); next !== undefined && !isHalted; next = queue.shift()) await processSession(next);
    } catch (error) {
      isHalted = true;
      throw error;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  const failed = workers.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { postponed, isHalted };
}
