// Catches up: an entry for every run of every session directory that has none, or has one that no model saw.
import { resolveActor } from "../../changelog/actor.ts";
import { workThrough } from "../../changelog/backfill/queue.ts";
import type { EvaluatorChoice } from "../../changelog/record.ts";
import { sweepRunLocks } from "../../changelog/run-lock.ts";
import { openChangelog } from "../../changelog/store.ts";
import type { Failure } from "../../evaluate/failure.ts";
import { loadConfig } from "../../system/config.ts";
import type { Environment } from "../../system/paths.ts";
import { chooseEvaluator } from "../changelog-step.ts";
import { estimateTokens } from "./cost.ts";
import { type Plan, type PlannedRun, planBackfill } from "./plan.ts";
import { type Outcome, recordPlanned } from "./record-planned.ts";

export interface BackfillOptions {
  /** The project's root folder, by its real path. */
  root: string;
  sessionsDirs: readonly string[];
  /** Null leaves it to the environment and the configuration; so do the next three. */
  actor: string | null;
  evaluator: EvaluatorChoice["name"] | "claude" | null;
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

/** A backfill that is planned, and not begun. */
export interface PreparedBackfill extends Omit<Plan, "sessions"> {
  root: string;
  actor: string;
  evaluator: EvaluatorChoice;
  /** What is to be done now, by session. */
  sessions: PlannedRun[][];
  runs: number;
  /** How many more runs there are than were asked for. */
  beyondLimit: number;
  /** How many tokens a model would be sent at most, about; 0 without one. */
  estimatedTokens: number;
}

export async function prepareBackfill(options: BackfillOptions): Promise<PreparedBackfill> {
  const { root, env, home, limit } = options;
  const { config, warnings } = loadConfig({ root, env, home, flags: flagsOf(options) });
  warnings.forEach(options.onNotice);
  const evaluator = { ...chooseEvaluator(config, options.timeoutMs), retriesTimeout: true };
  const actor = await resolveActor({ root, env, flag: options.actor ?? undefined, config: config.actor?.value });
  const asksModel = evaluator.name !== "builtin";
  const plan = await planBackfill({ ...options, asksModel, evaluator: evaluator.name });
  const all = plan.sessions.flat().length;
  const sessions = limited(plan.sessions, limit ?? all);
  const runs = sessions.flat();
  const estimatedTokens = asksModel ? estimateTokens(runs) : 0;
  return {
    ...plan,
    root,
    actor,
    evaluator,
    sessions,
    runs: runs.length,
    beyondLimit: all - runs.length,
    estimatedTokens,
  };
}

function flagsOf({ actor, evaluator, model }: BackfillOptions) {
  return { actor: actor ?? undefined, evaluator: evaluator ?? undefined, model: model ?? undefined };
}

/** The first runs, so many: of each session its first ones. */
function limited(sessions: readonly PlannedRun[][], limit: number): PlannedRun[][] {
  let left = limit;
  return sessions.flatMap((session) => {
    const taken = session.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [taken];
  });
}

export interface BackfillContext {
  concurrency: number;
  env: Environment;
  home: string;
  now: () => Date;
  /** Whether the person wants it to end. */
  isAbandoned: () => boolean;
  onBegin: (run: PlannedRun) => void;
  /** `busy` is told once nobody waits for it any more. */
  onOutcome: (run: PlannedRun, outcome: Outcome) => void;
  onNotice: (notice: string) => void;
}

/** What came of a backfill, in numbers. */
export interface BackfillResult {
  recorded: number;
  upgraded: number;
  /** What was found not to need an entry, or to have one, since it was planned. */
  exists: number;
  nothing: number;
  damaged: { directory: string; problem: string }[];
  failed: { class: Failure["class"]; message: string; runs: number }[];
  /** What is still to be done, by the next backfill. */
  remaining: number;
  /** Runs among them that another process did not end in time. */
  busy: number;
  /** Why it stopped before its end; null where it did not. */
  halted: Failure | null;
  tokens: { input: number; output: number };
}

export async function runBackfill(prepared: PreparedBackfill, context: BackfillContext): Promise<BackfillResult> {
  const { root, actor, evaluator, sessions } = prepared;
  const tally = new Tally(prepared);
  if (sessions.length === 0) return tally.result;
  const changelog = openChangelog(root, actor);
  await sweepRunLocks(changelog);
  const waiting = { onEvaluation: () => {}, isAbandoned: context.isAbandoned };
  await workThrough(sessions, {
    concurrency: context.concurrency,
    async work(run, waits) {
      if (context.isAbandoned()) return "halt";
      context.onBegin(run);
      const outcome = await recordPlanned(run, waits, { ...context, root, actor, evaluator, changelog, waiting });
      if (outcome.status === "busy" && !waits) return "busy";
      tally.add(run, outcome);
      context.onOutcome(run, outcome);
      if (outcome.status === "busy") return "busy";
      return outcome.status === "halted" || outcome.status === "abandoned" ? "halt" : "next";
    },
  });
  return tally.result;
}

class Tally {
  readonly result: BackfillResult;

  constructor({ runs, beyondLimit }: PreparedBackfill) {
    const none = { recorded: 0, upgraded: 0, exists: 0, nothing: 0, busy: 0 };
    const tokens = { input: 0, output: 0 };
    this.result = { ...none, damaged: [], failed: [], remaining: runs + beyondLimit, halted: null, tokens };
  }

  add({ described: { directory } }: PlannedRun, outcome: Outcome): void {
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
        result.damaged.push({ directory, problem: outcome.problem });
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
