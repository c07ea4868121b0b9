// One process at a time puts a run into words: what a model says is paid for, and one row of each run is enough.
import { dirname, join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { LockHeldError, withLock } from "../system/lock.ts";
import { insideRoot } from "../system/paths.ts";
import { type Changelog, changelogIn } from "./store.ts";

const LEFT_BEHIND = /^([0-9a-f]{16})\.lock(?:\.|$)/;

/**
 * Does something while no other process is at the run; where one still is after so long, that is the answer. The lock
 * lies beside the actors' folders, for a run has one entry, whoever gets the credit.
 */
export async function withRunLock<T>(
  changelog: Changelog,
  runId: string,
  waitMs: number,
  action: () => Promise<T>,
): Promise<T | LockHeldError> {
  let began = false;
  try {
    const locked = async () => {
      began = true;
      return await action();
    };
    return await withLock(lockedFile(changelog, runId), locked, { waitMs });
  } catch (error) {
    if (!began && error instanceof LockHeldError) return error;
    throw error;
  }
}

/** Removes the locks of processes that were killed: nobody may ever come back to the runs they were at. */
export async function sweepRunLocks(root: string): Promise<void> {
  const folder = join(root, ".changelog");
  if (!insideRoot(root, folder)) return;
  const changelog = changelogIn(join(folder, "any"));
  const left = new Set(namesIn(folder).flatMap((name) => LEFT_BEHIND.exec(name)?.[1] ?? []));
  for (const runId of left) await withRunLock(changelog, runId, 0, async () => null);
}

function lockedFile(changelog: Changelog, runId: string): string {
  return join(dirname(changelog.directory), runId);
}
