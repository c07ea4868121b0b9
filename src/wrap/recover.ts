// Runs that a crash, a restart or a closed terminal left unfinished, brought home later and by somebody else.
import { messageOf } from "../system/errors.ts";
import { withLock } from "../system/lock.ts";
import { liveness, parseIdentity } from "../system/process-identity.ts";
import type { ExportResult } from "./export.ts";
import { type FinishContext, finishRun, type Homecoming, planHomecoming } from "./finish.ts";
import { listPending, type PendingRun, pendingFolder } from "./pending.ts";
import { readPending } from "./stored-pending.ts";

/**
 * What became of an unfinished run.
 * - `finished`: brought home; with no sessions when it held nothing
 * - `planned`: would be, were this no dry run
 * - `running`: its tool or its `ctx` still lives, or nobody here can tell
 * - `failed`: it stays, and `problem` says why
 */
export type Recovery = { path: string; startedAt: string | null; label: string | null } & (
  | { status: "finished"; sessions: ExportResult[] }
  | { status: "planned"; sessions: Homecoming[] }
  | { status: "running" }
  | { status: "failed"; problem: string }
);

/** Finishes every unfinished run of a project whose processes are surely gone. */
export async function recoverRuns(root: string, dryRun: boolean, context: FinishContext): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (const { path, owner } of listPending(pendingFolder(context.env, context.home), root)) {
    const recovery = dryRun
      ? await recover(path, owner, true, context)
      : await withLock(path, () => recover(path, owner, false, context));
    if (recovery !== null) recoveries.push(recovery);
  }
  return recoveries;
}

async function recover(path: string, owner: string, dryRun: boolean, context: FinishContext): Promise<Recovery | null> {
  const run = await readPending(path);
  // Somebody else finished it meanwhile.
  if (run === null) return null;
  if (run === "unreadable") {
    const problem = "the record of the run is damaged or of another version";
    return { path, startedAt: null, label: null, status: "failed", problem };
  }
  const about = { path, startedAt: run.started_at, label: run.label };
  if (!(await isOver(owner, run))) return { ...about, status: "running" };
  try {
    const pending = { path, run };
    return dryRun
      ? { ...about, status: "planned", sessions: await planHomecoming(pending, context) }
      : { ...about, status: "finished", sessions: await finishRun(pending, context) };
  } catch (error) {
    return { ...about, status: "failed", problem: messageOf(error) };
  }
}

/** A tool outlives its killed wrapper: its run is over when both are gone. */
async function isOver(owner: string, { child }: PendingRun): Promise<boolean> {
  for (const name of child === null ? [owner] : [owner, child]) {
    const identity = parseIdentity(name);
    if (identity === null || (await liveness(identity)) !== "gone") return false;
  }
  return true;
}
