// Finishes a run after its tool exited: binds it to its logs, exports each of them, and removes the record of the run.
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { BoundLog } from "../agents/binding.ts";
import type { EvaluationWait } from "../changelog/record.ts";
import type { ObservedRepository } from "../changelog/run-facts.ts";
import { type ExportResult, writeExport } from "../export/export.ts";
import { type ExportOptions, type PreparedExport, prepareExport } from "../export/prepare.ts";
import { listPending, type PendingFile, type PendingRun, removePending, savePending } from "../runs/pending.ts";
import { readPending } from "../runs/pending-schema.ts";
import { debug } from "../system/debug.ts";
import { messageOf } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { isFixable } from "../system/system-errors.ts";
import { bindRun } from "./bind.ts";
import { countOverlapping } from "./run-snapshots.ts";

export interface FinishContext {
  env: Environment;
  home: string;
  now: () => Date;
  /**
   * When the run is evaluated.
   * - `now`: before this returns
   * - `later`: the run stays pending until another process has evaluated it
   * - `never`: `builtin` writes the entry; a later backfill may evaluate it
   */
  evaluation: "now" | "later" | "never";
  /** Whether secrets in the pages are replaced; default: true. */
  redacts?: boolean | undefined;
  waiting?: EvaluationWait | undefined;
  onNotice: (notice: string) => void;
}

/** A log that recovering a run would export, and its label. */
export interface RecoveryPlan extends BoundLog {
  sessionId: string;
  label: string;
}

/**
 * Exports and records a run; the result is empty if its logs contain nothing. The record of the run is removed, unless an
 * evaluation is pending. If this throws, the record is kept for `ctx recover`.
 */
export async function finishRun(pending: PendingFile, context: FinishContext): Promise<ExportResult[]> {
  const results: ExportResult[] = [];
  const bound = await bindLogs(pending, context);
  debug("bind", () => bound.map(({ path, rule }) => `${path} by rule ${rule}`).join(", ") || "no log");
  await keepBinding(pending, bound, context);
  for await (const { prepared, options } of prepareAll(pending, bound, context)) {
    results.push((await writeExport(prepared, options)).result);
  }
  if (!results.some(isPending)) await removePending(pending);
  return results;
}

/** Whether a run was exported and its entry is still to be written. */
export function isPending({ changelog }: ExportResult): boolean {
  return changelog.status === "pending";
}

/** What `finishRun` would export; writes nothing. */
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

/** Keeps the binding in the record before anything else is written, for a process that recovers the run. */
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

/**
 * Prepares the export of one log after another, because each log may be large. A log without records of the run is
 * skipped.
 */
async function* prepareAll(
  pending: PendingFile,
  logs: readonly BoundLog[],
  context: FinishContext,
): AsyncGenerator<{ prepared: PreparedExport; options: ExportOptions; bound: BoundLog }> {
  const { run } = pending;
  const env = { ...context.env, ...run.env };
  const observed = await observationOf(pending);
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

/**
 * The snapshots of the repository. If the one from the end of the run is missing, the runs that overlap now are
 * counted.
 */
async function observationOf(pending: PendingFile): Promise<ObservedRepository | undefined> {
  const { before, after, others } = pending.run;
  if (before === null) return undefined;
  return {
    before: before.snapshot,
    beforeDone: before.done_at,
    after: after?.snapshot ?? null,
    others: after?.others ?? others + (await countOverlapping(pending)),
  };
}

async function otherRuns({ path: own }: PendingFile): Promise<PendingRun[]> {
  const others = listPending(dirname(own), null).filter(({ path }) => path !== own);
  const runs = await Promise.all(others.map(({ path }) => readPending(path)));
  return runs.flatMap((run) => (run === null || "unreadable" in run ? [] : [run]));
}
