// A lock on a run: one process at a time evaluates it, because evaluations cost money and a run needs only one.
import { dirname, join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { LockHeldError, withLock } from "../system/lock.ts";
import { insideRoot } from "../system/paths.ts";
import { type Changelog, changelogIn } from "./store.ts";

const LOCK_NAME = /^([0-9a-f]{16})\.lock(?:\.|$)/;

/**
 * Runs an action while holding the lock of a run; returns the error if another process still holds the lock after
 * `waitMs`. The lock is beside the actors' folders, because a run has one entry, regardless of the actor.
 */
export async function withRunLock<T>(
  changelog: Changelog,
  runId: string,
  waitMs: number,
  action: () => Promise<T>,
): Promise<T | LockHeldError> {
  let isLocked = false;
  try {
    const locked = async () => {
      isLocked = true;
      return await action();
    };
    return await withLock(lockTarget(changelog, runId), locked, { waitMs });
  } catch (error) {
    if (!isLocked && error instanceof LockHeldError) return error;
    throw error;
  }
}

/** Removes the locks that killed processes left, since no later process may ever take the lock of the same run. */
export async function sweepRunLocks(root: string): Promise<void> {
  const folder = join(root, ".changelog");
  if (!insideRoot(root, folder)) return;
  const changelog = changelogIn(join(folder, "any"));
  const runIds = new Set(namesIn(folder).flatMap((name) => LOCK_NAME.exec(name)?.[1] ?? []));
  for (const runId of runIds) await withRunLock(changelog, runId, 0, async () => null);
}

function lockTarget(changelog: Changelog, runId: string): string {
  return join(dirname(changelog.directory), runId);
}
