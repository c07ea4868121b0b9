// A run after its tool is gone: bound to its logs, every one of them exported, the record of the run removed.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { EvaluationWait } from "../changelog/record.ts";
import type { ObservedRepository } from "../changelog/run-facts.ts";
import { type ExportResult, writeExport } from "../export/export.ts";
import type { ExportOptions } from "../export/options.ts";
import { type PreparedExport, prepareExport } from "../export/prepare.ts";
import { listPending, type PendingFile, type PendingRun, removePending, savePending } from "../runs/pending.ts";
import { readPending } from "../runs/pending-schema.ts";
import type { BoundLog } from "../sessions/locate.ts";
import { messageOf } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { isFixable } from "../system/system-errors.ts";
import { bindRun } from "./bind.ts";
import { countOverlapping } from "./overlapping-runs.ts";

export interface FinishContext {
  env: Environment;
  home: string;
  now: () => Date;
  /**
   * When the model is asked.
   * - `now`: somebody waits for it
   * - `later`: the run stays pending until it was
   * - `never`: there is no time; a later backfill may
   */
  evaluation: "now" | "later" | "never";
  /** Whether secrets are taken out of the pages; they are, unless this says no. */
  redacts?: boolean | undefined;
  waiting?: EvaluationWait | undefined;
  onNotice: (notice: string) => void;
}

/** What is to be brought home of a run: a log that holds anything, and the label it gets. */
export interface RecoveryPlan extends BoundLog {
  sessionId: string;
  label: string;
}

/**
 * Brings a run home; nothing, when it holds nothing. Its record is removed, unless an evaluation is still pending. What
 * fails leaves the record for `ctx recover`.
 */
export async function finishRun(pending: PendingFile, context: FinishContext): Promise<ExportResult[]> {
  const results: ExportResult[] = [];
  const bound = await bindLogs(pending, context);
  await keepBinding(pending, bound, context);
  for await (const { prepared, options } of prepareAll(pending, bound, context)) {
    results.push(await writeExport(prepared, options));
  }
  if (!results.some(isPending)) await removePending(pending);
  return results;
}

/** Whether a run was exported, and still waits for its entry. */
export function isPending({ changelog }: ExportResult): boolean {
  return changelog.status === "pending";
}

/** Finds what a run left, without writing anything. */
export async function planRecovery(pending: PendingFile, context: FinishContext): Promise<RecoveryPlan[]> {
  const found: RecoveryPlan[] = [];
  const logs = await bindLogs(pending, context);
  for await (const { prepared, bound } of prepareAll(pending, logs, context)) {
    found.push({ ...bound, sessionId: prepared.head.sessionId, label: prepared.label });
  }
  return found;
}

async function bindLogs(pending: PendingFile, { env, home }: FinishContext): Promise<BoundLog[]> {
  const { run } = pending;
  if (run.bound?.every(({ path }) => existsSync(path))) return run.bound;
  return await bindRun(run, { env: { ...env, ...run.env }, home, others: await otherRuns(pending) });
}

/** Before anything is written of a run, for whoever has to go on with it. */
async function keepBinding(pending: PendingFile, bound: BoundLog[], { onNotice }: FinishContext): Promise<void> {
  if (bound.length === 0 || pending.run.bound !== null) return;
  pending.run.bound = bound;
  try {
    await savePending(pending);
  } catch (error) {
    if (!isFixable(error)) throw error;
    onNotice(`a crash would lose this run: ${messageOf(error)}`);
  }
}

/** One log after the other, for a run may hold much. A log that holds nothing of the run is passed over. */
async function* prepareAll(
  pending: PendingFile,
  logs: readonly BoundLog[],
  context: FinishContext,
): AsyncGenerator<{ prepared: PreparedExport; options: ExportOptions; bound: BoundLog }> {
  const { run } = pending;
  const env = { ...context.env, ...run.env };
  const observed = observationOf(pending);
  for (const bound of logs) {
    const options = { ...exportOptions(run, context), env, bound, observed };
    const prepared = await prepareExport(options);
    if (prepared.run !== null && !prepared.run.isEmpty) yield { prepared, options, bound };
  }
}

function exportOptions(run: PendingRun, { env, home, now, evaluation, redacts, waiting, onNotice }: FinishContext) {
  const { changelog, actor, evaluator, model, timeoutMs, repository } = run.settings;
  return {
    tool: run.tool,
    cwd: run.cwd,
    projectRoot: run.root,
    start: run.started_at,
    end: run.ended_at,
    sessionId: null,
    output: null,
    label: run.label,
    derivesLabel: true,
    changelog,
    actor,
    evaluator: evaluation === "never" ? ("builtin" as const) : evaluator,
    defersEvaluation: evaluation === "later",
    model,
    timeoutMs,
    repository,
    redacts,
    env,
    home,
    now,
    waiting,
    onNotice,
  };
}

/** What was seen of the repository; whoever comes too late to look after the run counts who is there now. */
function observationOf(pending: PendingFile): ObservedRepository | undefined {
  const { before, after, others } = pending.run;
  if (before === null) return undefined;
  return {
    before: before.snapshot,
    beforeDone: before.done_at,
    after: after?.snapshot ?? null,
    others: after?.others ?? others + countOverlapping(pending),
  };
}

async function otherRuns({ path: own }: PendingFile): Promise<PendingRun[]> {
  const others = listPending(dirname(own), null).filter(({ path }) => path !== own);
  const runs = await Promise.all(others.map(({ path }) => readPending(path)));
  return runs.flatMap((run) => (run === null || run === "unreadable" ? [] : [run]));
}
