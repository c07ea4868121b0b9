// Works off the runs that were planned, whichever repositories they belong to: each is recorded where it belongs, and
// what came of them is counted.

import type { EvaluatorChoice } from "../changelog/record.ts";
import { sweepRunLocks } from "../changelog/run-lock.ts";
import { type Changelog, openChangelog } from "../changelog/store.ts";
import type { Failure } from "../evaluate/failure.ts";
import { cleanUpEvaluations } from "../export/cleanup-evaluations.ts";
import { messageOf } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { isDamage } from "./place-runs.ts";
import { type PlannedRun, pathOf } from "./plan.ts";
import { processSessions } from "./queue.ts";
import { type RunOutcome, recordPlanned } from "./record-planned.ts";

/** How runs are to be recorded, as the person asked. */
export interface CatchUpSettings {
  /** Null leaves it to the environment and the configuration; so do the next three. */
  actor: string | null;
  evaluator: EvaluatorChoice["name"] | null;
  model: string | null;
  timeoutMs: number | null;
  /** At most so many runs; null for all. */
  limit: number | null;
  upgrades: boolean;
  retriesFailed: boolean;
  env: Environment;
  home: string;
  onNotice: (notice: string) => void;
}

/** Where runs are recorded, and who gets the credit for what has no entry yet. */
export interface Destination {
  /** The project's root folder, by its real path. */
  root: string;
  actor: string;
}

/** The runs of one session that are to be recorded, in their order. */
export interface Assignment {
  destination: Destination;
  runs: readonly PlannedRun[];
}

export interface Batch {
  evaluator: EvaluatorChoice;
  /** Every repository that was looked at: what killed processes left there is cleared away, also where all is done. */
  roots: readonly string[];
  assignments: readonly Assignment[];
  /** How many more runs there are than were asked for. */
  beyondLimit: number;
}

export interface QueueOptions {
  concurrency: number;
  /** Whether a session that has no session directory gets one. */
  exports: boolean;
  env: Environment;
  home: string;
  now: () => Date;
  /** Whether the person wants it to end. */
  isAbandoned: () => boolean;
  onBegin: (run: PlannedRun) => void;
  /** `busy` is told once nobody waits for it any more. */
  onOutcome: (run: PlannedRun, outcome: RunOutcome) => void;
  onNotice: (notice: string) => void;
}

/** What came of it, in numbers. */
export interface QueueResult {
  recorded: number;
  upgraded: number;
  /** What was found not to need an entry, or to have one, since it was planned. */
  exists: number;
  nothing: number;
  damaged: Damage[];
  failed: { class: Failure["class"]; message: string; runs: number }[];
  /** What is still to be done, another time. */
  remaining: number;
  /** Runs among them that another process did not end in time. */
  busy: number;
  /** Why it stopped before its end; null where it did not. */
  halted: Failure | null;
  tokens: { input: number; output: number };
}

/** A session directory or a log that cannot be used, wholly or in part. */
export interface Damage {
  path: string;
  problem: string;
}

export async function processQueue(work: Batch, options: QueueOptions): Promise<QueueResult> {
  const tally = new ResultCounter(work);
  for (const root of work.roots) await sweep(root);
  await cleanUpEvaluations(options);
  const changelogs = new Changelogs();
  const waiting = { onEvaluation: () => {}, isAbandoned: options.isAbandoned };
  const isOne = new Set(work.assignments.map(({ destination }) => destination.root)).size < 2;
  /** What is wrong with one repository of several is no reason to leave the others. */
  const recordIn = async (destination: Destination, record: (changelog: Changelog) => Promise<RunOutcome>) => {
    let changelog: Changelog;
    try {
      changelog = changelogs.open(destination);
    } catch (error) {
      if (isOne || !isDamage(error)) throw error;
      return { status: "damaged", problem: messageOf(error) } as const;
    }
    return await record(changelog);
  };
  const sessions = work.assignments.map(({ destination, runs }) => runs.map((run) => ({ run, destination })));
  await processSessions(sessions, {
    concurrency: options.concurrency,
    async work({ run, destination }, waits) {
      if (options.isAbandoned()) return "halt";
      options.onBegin(run);
      const begun = { ...options, ...destination, evaluator: work.evaluator, waiting };
      const outcome = await recordIn(destination, async (changelog) => {
        return await recordPlanned(run, waits, { ...begun, changelog });
      });
      if (outcome.status === "busy" && !waits) return "busy";
      tally.add(run, outcome);
      options.onOutcome(run, outcome);
      if (outcome.status === "busy") return "busy";
      return outcome.status === "halted" || outcome.status === "abandoned" ? "halt" : "next";
    },
  });
  return tally.result;
}

/** A lock that stays where nothing may be removed keeps nobody from anything. */
async function sweep(root: string): Promise<void> {
  try {
    await sweepRunLocks(root);
  } catch (error) {
    if (!isDamage(error)) throw error;
  }
}

/** Opened when the first run of a repository is at hand: one that nothing is recorded in gets none. */
class Changelogs {
  readonly #opened = new Map<string, Changelog>();

  open({ root, actor }: Destination): Changelog {
    const opened = this.#opened.get(root) ?? openChangelog(root, actor);
    this.#opened.set(root, opened);
    return opened;
  }
}

class ResultCounter {
  readonly result: QueueResult;

  constructor({ assignments, beyondLimit }: Batch) {
    const none = { recorded: 0, upgraded: 0, exists: 0, nothing: 0, busy: 0 };
    const runs = assignments.reduce((sum, assignment) => sum + assignment.runs.length, 0);
    const tokens = { input: 0, output: 0 };
    this.result = { ...none, damaged: [], failed: [], remaining: runs + beyondLimit, halted: null, tokens };
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
        this.#fail(outcome.failure);
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

  /** Of the same failure one is told, and how often it came. */
  #fail({ class: failureClass, message }: Failure): void {
    const same = this.result.failed.find((failure) => failure.class === failureClass);
    if (same !== undefined) same.runs += 1;
    else this.result.failed.push({ class: failureClass, message, runs: 1 });
  }
}
