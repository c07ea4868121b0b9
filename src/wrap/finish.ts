// A run after its tool is gone: bound to its logs, every one of them exported, the record of the run removed.
import type { BoundLog } from "../sessions/locate.ts";
import type { Environment } from "../system/paths.ts";
import { bindRun } from "./bind.ts";
import { type ExportResult, exportLatest } from "./export.ts";
import { countOverlapping } from "./overlap.ts";
import { listPending, type PendingFile, type PendingRun, pendingFolder, removePending } from "./pending.ts";
import { findSessionDirectory } from "./session-directory.ts";
import { readPending } from "./stored-pending.ts";
import { labelOf, surveyRun } from "./survey.ts";

export interface FinishContext {
  env: Environment;
  home: string;
  now: () => Date;
  /** There is no time to ask a model: a later backfill may. */
  hurried: boolean;
  /** The run ended some time ago, and the repository may have changed since. */
  late: boolean;
  onNotice: (notice: string) => void;
}

/** What is to be brought home of a run: its logs that hold anything, and the label each gets. */
export interface Homecoming extends BoundLog {
  sessionId: string;
  label: string | null;
}

/** Brings a run home. None when it holds nothing. What fails leaves the record for `ctx recover`. */
export async function finishRun(pending: PendingFile, context: FinishContext): Promise<ExportResult[]> {
  const { run } = pending;
  const results: ExportResult[] = [];
  const others = run.others + countOverlapping(pending, context);
  for (const { path, rule, label } of await planHomecoming(pending, context)) {
    results.push(await exportLatest({ ...exportOptions(run, others, context), label, bound: { path, rule } }));
  }
  await removePending(pending);
  return results;
}

/** Finds what a run left, without writing anything. */
export async function planHomecoming(pending: PendingFile, context: FinishContext): Promise<Homecoming[]> {
  const { run } = pending;
  const { home } = context;
  const env = { ...context.env, ...run.env };
  const logs = await bindRun(run, { env, home, others: await otherRuns(pending.path, context) });
  const found: Homecoming[] = [];
  for (const { path, rule } of logs) {
    const window = { start: run.started_at, end: run.ended_at };
    const { sessionId, idle, firstPrompt } = await surveyRun({ tool: run.tool, path }, window, run.label === null);
    if (idle) continue;
    // A session that has a directory has its label.
    const isNew = findSessionDirectory(run.root, run.tool, sessionId) === null;
    const derived = isNew && firstPrompt !== null ? labelOf(firstPrompt) : null;
    found.push({ path, rule, sessionId, label: run.label ?? derived });
  }
  return found;
}

function exportOptions(run: PendingRun, others: number, context: FinishContext) {
  const { env, home, now, hurried, late, onNotice } = context;
  const { changelog, actor, evaluator, model, timeoutMs } = run.settings;
  const { before } = run;
  return {
    tool: run.tool,
    cwd: run.cwd,
    projectRoot: run.root,
    start: run.started_at,
    end: run.ended_at,
    sessionId: null,
    output: null,
    changelog,
    actor,
    evaluator: hurried ? ("builtin" as const) : evaluator,
    model,
    timeoutMs,
    observed: before === null ? undefined : { before: before.snapshot, beforeDone: before.done_at, late, others },
    env: { ...env, ...run.env },
    home,
    now,
    onNotice,
  };
}

async function otherRuns(own: string, { env, home }: FinishContext): Promise<PendingRun[]> {
  const others = listPending(pendingFolder(env, home), null).filter(({ path }) => path !== own);
  const runs = await Promise.all(others.map(({ path }) => readPending(path)));
  return runs.flatMap((run) => (run === null || run === "unreadable" ? [] : [run]));
}
