// Records the runs in session directories that have no entry, or only a `builtin` entry.
import { resolveActor } from "../../changelog/actor.ts";
import type { EvaluatorChoice } from "../../changelog/record.ts";
import { loadConfig } from "../../config/config.ts";
import { estimateTokens } from "../../evaluate/prompt.ts";
import { chooseEvaluator } from "../../export/record-entry.ts";
import { type CatchUpSettings, limitRuns, type PlannedRun } from "../planned-run.ts";
import { processQueue, type QueueOptions, type QueueResult } from "../run-queue.ts";
import { type BackfillPlan, planBackfill } from "./plan.ts";

export interface BackfillOptions extends CatchUpSettings {
  /** The project's root folder, by its real path. */
  root: string;
  sessionsDirs: readonly string[];
}

/** A planned backfill. */
export interface PreparedBackfill extends Omit<BackfillPlan, "sessions"> {
  root: string;
  actor: string;
  evaluator: EvaluatorChoice;
  /** The runs to record, by session. */
  sessions: PlannedRun[][];
  runs: number;
  /** The number of runs beyond the limit. */
  beyondLimit: number;
  /** The approximate maximum number of tokens to send; 0 without a model. */
  estimatedTokens: number;
}

export async function prepareBackfill(options: BackfillOptions): Promise<PreparedBackfill> {
  const { root, env, home, limit } = options;
  const { config, warnings } = loadConfig({ root, env, home, flags: flagsOf(options) });
  warnings.forEach(options.onNotice);
  const evaluator = { ...chooseEvaluator(config, options.timeoutMs), retriesTimeout: true };
  const actor = await resolveActor({ root, env, flag: options.actor ?? undefined, config: config.actor?.value });
  const usesModel = evaluator.name !== "builtin";
  const plan = await planBackfill({ ...options, usesModel, evaluator: evaluator.name });
  const all = plan.sessions.flat().length;
  const sessions = limitRuns(plan.sessions, limit ?? all);
  const runs = sessions.flat();
  const estimatedTokens = usesModel ? estimateTokens(runs) : 0;
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

export async function runBackfill(
  prepared: PreparedBackfill,
  options: Omit<QueueOptions, "exports">,
): Promise<QueueResult> {
  const { root, actor, evaluator, beyondLimit, sessions } = prepared;
  const assignments = sessions.map((runs) => ({ destination: { root, actor }, runs }));
  return await processQueue({ evaluator, roots: [root], beyondLimit, assignments }, { ...options, exports: false });
}
