// Snapshots of the repository before and after a run, kept in the run's record: they show what changed in between, even
// if the run is recovered after a crash.
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { TOOLS } from "../agents/registry.ts";
import { takeSnapshot } from "../evidence/git/snapshot.ts";
import { listPending, type PendingFile, type PendingRun } from "../runs/pending.ts";

/** The snapshot is taken while the tool starts, which takes far longer than a snapshot. */
export async function snapshotBefore(run: PendingRun, now: () => Date): Promise<void> {
  const snapshot = await takeSnapshot(run.root);
  if (snapshot !== null) run.before = { snapshot, done_at: now().toISOString() };
}

/** The snapshot is taken right after the tool's end: while an evaluator works, others may change files. */
export async function snapshotAfter(pending: PendingFile): Promise<void> {
  const { run } = pending;
  if (run.before === null) return;
  const snapshot = await takeSnapshot(run.root);
  run.after = { snapshot, others: run.others + (await countOverlapping(pending)) };
}

/** Counts the other unfinished runs in the repository, and the sessions that were exported after this run started. */
export async function countOverlapping({ path, run }: PendingFile): Promise<number> {
  // Loaded only here: during a short run, loading it would delay the watch on the tool's logs.
  const { listSessionDirectories } = await import("../runs/session-directory.ts");
  const unfinished = listPending(dirname(path), run.root).filter((other) => other.path !== path);
  const startedAt = Date.parse(run.started_at);
  const exported = TOOLS.flatMap((tool) => listSessionDirectories(run.root, tool)).filter((directory) => {
    const records = statSync(join(directory, "export_runs.jsonl"), { throwIfNoEntry: false });
    return records !== undefined && records.mtimeMs >= startedAt;
  });
  return unfinished.length + exported.length;
}
