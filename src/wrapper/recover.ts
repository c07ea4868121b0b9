// Finishes runs that were interrupted by a crash, a restart or a closed terminal.
import { dirname, resolve } from "node:path";
import type { ExportResult } from "../export/export.ts";
import { cleanUpEvaluations } from "../export/record-entry.ts";
import { listPending, type PendingRun, pendingFolder, RUN_ENV_VAR, runMarker } from "../runs/pending.ts";
import { readPending, type UnreadableRecord } from "../runs/pending-schema.ts";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { hasProcessWith } from "../system/find-processes.ts";
import { LockHeldError, withLock } from "../system/lock.ts";
import { liveness, parseIdentity } from "../system/process-identity.ts";
import { type FinishContext, finishRun, isPending, planRecovery, type RecoveryPlan } from "./finish.ts";

/**
 * The result for an unfinished run.
 * - `finished`: exported and recorded; without sessions if it contained nothing
 * - `pending`: exported, but its evaluation was interrupted
 * - `planned`: a dry run would finish it
 * - `running`: its tool or its `ctx` is alive, another process is finishing it, or neither can be ruled out
 * - `failed`: the record is kept, and `problem` says why
 */
export type Recovery = RunDescription &
  (
    | { status: "finished" | "pending"; sessions: ExportResult[] }
    | { status: "planned"; sessions: RecoveryPlan[] }
    | { status: "running" }
    | { status: "failed"; problem: string }
  );

interface RunDescription {
  /** The record of the run. */
  path: string;
  /** The project's root folder. This and the next two are null if the record cannot be read. */
  root: string | null;
  startedAt: string | null;
  label: string | null;
}

/** The runs to recover: all runs of a project, or the run of one record. */
export type Unfinished = { root: string } | { record: string };

/** Finishes the unfinished runs whose processes are surely gone. */
export async function recoverRuns(which: Unfinished, dryRun: boolean, context: FinishContext): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  if (!dryRun) await cleanUpEvaluations(context);
  for (const { path, owner } of listUnfinished(which, context)) {
    const recovery = dryRun
      ? await recover(path, owner, true, context)
      : await unlessHeld(path, () => recover(path, owner, false, context));
    if (recovery !== null) recoveries.push(recovery);
    if (context.waiting?.isAbandoned()) break;
  }
  return recoveries;
}

function listUnfinished(which: Unfinished, { env, home }: FinishContext): { path: string; owner: string }[] {
  const folder = pendingFolder(env, home);
  if ("root" in which) return listPending(folder, which.root);
  // A record names files to read and to write, so only records that `ctx` itself wrote are trusted.
  if (dirname(resolve(which.record)) !== folder) {
    throw new ExpectedError(`\`${which.record}\` does not describe a pending run`, {
      hint: `pending runs are kept in \`${folder}\``,
    });
  }
  return listPending(folder, null).filter(({ path }) => path === resolve(which.record));
}

/** A record that is locked belongs to a run that another process is finishing. */
async function unlessHeld(path: string, action: () => Promise<Recovery | null>): Promise<Recovery | null> {
  try {
    return await withLock(path, action, { waitMs: 0 });
  } catch (error) {
    if (!(error instanceof LockHeldError)) throw error;
    const run = await readPending(path);
    return run === null ? null : { ...describe(path, run), status: "running" };
  }
}

async function recover(path: string, owner: string, dryRun: boolean, context: FinishContext): Promise<Recovery | null> {
  const run = await readPending(path);
  // Another process has finished the run meanwhile.
  if (run === null) return null;
  const about = describe(path, run);
  if ("unreadable" in run) {
    return { ...about, status: "failed", problem: `the file of the pending run cannot be used: ${run.unreadable}` };
  }
  if (!(await isOver(path, owner, run))) return { ...about, status: "running" };
  try {
    const pending = { path, run };
    if (dryRun) return { ...about, status: "planned", sessions: await planRecovery(pending, context) };
    const sessions = await finishRun(pending, context);
    return { ...about, status: sessions.some(isPending) ? "pending" : "finished", sessions };
  } catch (error) {
    return { ...about, status: "failed", problem: messageOf(error) };
  }
}

function describe(path: string, run: PendingRun | UnreadableRecord): RunDescription {
  if ("unreadable" in run) return { path, root: null, startedAt: null, label: null };
  return { path, root: run.root, startedAt: run.started_at, label: run.label };
}

/** A tool outlives its killed wrapper: a run is over when both are gone, or when the wrapper released it. */
async function isOver(path: string, owner: string, { child, released }: PendingRun): Promise<boolean> {
  if (released) return true;
  // The wrapper may have been killed before it recorded the process it started.
  if (child === null && hasProcessWith(RUN_ENV_VAR, runMarker(path))) return false;
  for (const name of child === null ? [owner] : [owner, child]) {
    const identity = parseIdentity(name);
    if (identity === null || (await liveness(identity)) !== "gone") return false;
  }
  return true;
}
