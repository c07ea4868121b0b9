// Runs that a crash, a restart or a closed terminal left unfinished, brought home later and by somebody else.
import { dirname, resolve } from "node:path";
import { cleanUpEvaluations } from "../export/cleanup-evaluations.ts";
import type { ExportResult } from "../export/export.ts";
import { listPending, type PendingRun, pendingFolder, RUN_ENV_VAR, runMarker } from "../runs/pending.ts";
import { readPending } from "../runs/pending-schema.ts";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { isAnyMarked } from "../system/find-processes.ts";
import { LockHeldError, withLock } from "../system/lock.ts";
import { liveness, parseIdentity } from "../system/process-identity.ts";
import { type FinishContext, finishRun, isPending, planRecovery, type RecoveryPlan } from "./finish.ts";

/**
 * What became of an unfinished run.
 * - `finished`: brought home; with no sessions when it held nothing
 * - `pending`: brought home, but for the entry: its evaluation was broken off
 * - `planned`: would be finished, were this no dry run
 * - `running`: its tool or its `ctx` still lives, somebody else is finishing it, or nobody here can tell
 * - `failed`: it stays, and `problem` says why
 */
export type Recovery = About &
  (
    | { status: "finished" | "pending"; sessions: ExportResult[] }
    | { status: "planned"; sessions: RecoveryPlan[] }
    | { status: "running" }
    | { status: "failed"; problem: string }
  );

interface About {
  /** The record of the run. */
  path: string;
  /** The project's root folder; null, as the next two, when the record cannot be read. */
  root: string | null;
  startedAt: string | null;
  label: string | null;
}

/** Which runs are meant: every one of a project, or the one of a record. */
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
  // A record says what to read and where to write: only those that `ctx` itself wrote are taken at their word.
  if (dirname(resolve(which.record)) !== folder) {
    throw new ExpectedError(`\`${which.record}\` is no record of a run`, { hint: `records are kept in \`${folder}\`` });
  }
  return listPending(folder, null).filter(({ path }) => path === resolve(which.record));
}

/** Whoever has the lock of a record is finishing that run right now. */
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
  // Somebody else finished it meanwhile.
  if (run === null) return null;
  const about = describe(path, run);
  if (run === "unreadable") {
    return {
      ...about,
      status: "failed",
      problem: "the record of the run is damaged, of another version, or not to be read",
    };
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

function describe(path: string, run: PendingRun | "unreadable"): About {
  if (run === "unreadable") return { path, root: null, startedAt: null, label: null };
  return { path, root: run.root, startedAt: run.started_at, label: run.label };
}

/** A tool outlives its killed wrapper: its run is over when both are gone, or when the wrapper said so. */
async function isOver(path: string, owner: string, { child, released }: PendingRun): Promise<boolean> {
  if (released) return true;
  // The wrapper was killed before it had written down whom it started.
  if (child === null && isAnyMarked(RUN_ENV_VAR, runMarker(path))) return false;
  for (const name of child === null ? [owner] : [owner, child]) {
    const identity = parseIdentity(name);
    if (identity === null || (await liveness(identity)) !== "gone") return false;
  }
  return true;
}
