// The repository before a run and right after it, noted in the run's record: what changed meanwhile is known from these
// two, also by whoever finishes the run after a crash.
import { takeSnapshot } from "../evidence/git/snapshot.ts";
import type { PendingFile, PendingRun } from "../runs/pending.ts";

/** While the tool comes up: it needs far longer for that than this takes. */
export async function snapshotBefore(run: PendingRun, now: () => Date): Promise<void> {
  const snapshot = await takeSnapshot(run.root);
  if (snapshot !== null) run.before = { snapshot, done_at: now().toISOString() };
}

/** Once the tool is gone, and before anything else: by the time a model has answered, others have gone on working. */
export async function snapshotAfter(pending: PendingFile): Promise<void> {
  const { run } = pending;
  if (run.before === null) return;
  // Not before the tool's end: loading it would keep us from seeing which logs a short run writes.
  const { countOverlapping } = await import("./overlapping-runs.ts");
  const snapshot = await takeSnapshot(run.root);
  run.after = { snapshot, others: run.others + countOverlapping(pending) };
}
