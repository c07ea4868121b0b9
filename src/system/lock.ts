// A lock between processes that survives crashed holders and never admits two.
//
// The lock is a folder that contains one empty folder named after its owner. Git ignores empty folders, so a killed
// holder leaves nothing to commit. A process takes the lock by renaming a prepared folder to it: the rename fails while
// another owner is inside, because a folder cannot replace one that is not empty. It takes over a dead holder's lock by
// renaming the inner folder, which succeeds for one process only, and only while that holder is still the one inside.

import { mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { debug } from "./debug.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import {
  formatIdentity,
  identifySelf,
  isSurelyGone,
  type Liveness,
  liveness,
  parseIdentity,
} from "./process-identity.ts";
import { explainFailure } from "./system-errors.ts";

export interface LockOptions {
  /** How long to wait for one holder; the wait starts again when the holder changes. Default 30 s. */
  waitMs?: number;
}

const DEFAULT_WAIT_MS = 30_000;
const MIN_PAUSE_MS = 1;
const MAX_PAUSE_MS = 40;
/** How long to wait for a holder that is stopped (Ctrl-Z): it may stay stopped for days. */
const STOPPED_WAIT_MS = 3_000;
/** The total wait, as a multiple of the wait for one holder. */
const MAX_HOLDERS = 40;

/** Another process held the lock until the wait was over. */
export class LockHeldError extends ExpectedError {}

/** Whether a process that may still run holds the lock of a file. */
export async function isHeld(file: string): Promise<boolean> {
  const identity = parseIdentity(holderOf(`${file}.lock`) ?? "");
  return identity !== null && !(await isSurelyGone(identity));
}

/** Runs an action while holding the lock of a file: the folder `<file>.lock` beside it. */
export async function withLock<T>(file: string, action: () => T | Promise<T>, options: LockOptions = {}): Promise<T> {
  const lock = `${file}.lock`;
  const me = formatIdentity(await identifySelf());
  await acquire(lock, me, options.waitMs ?? DEFAULT_WAIT_MS);
  try {
    if (holderOf(lock) !== me) throw new ExpectedError(`lost the lock \`${lock}\``, { hint: "try again" });
    await sweepPrepared(lock);
    return await action();
  } finally {
    release(lock, me);
  }
}

async function acquire(lock: string, me: string, waitMs: number): Promise<void> {
  const prepared = `${lock}.${me}`;
  try {
    mkdirSync(prepared);
    mkdirSync(join(prepared, me));
  } catch (error) {
    throw explainFailure("lock", lock, error);
  }
  try {
    const start = performance.now();
    const limit = new WaitLimit(waitMs);
    for (let pause = MIN_PAUSE_MS; ; pause = Math.min(pause * 1.5, MAX_PAUSE_MS)) {
      if (tryRename(prepared, lock)) break;
      const holder = holderOf(lock);
      // Network file systems may report a failed rename that succeeded, when the first reply was lost.
      if (holder === me) break;
      const state = holder === null ? null : await holderState(holder);
      if (holder !== null && state === "gone" && tryRename(join(lock, holder), join(lock, me))) break;
      // On systems where a rename does not replace an empty folder, an interrupted release would block the lock for ever.
      if (holder === null) tryRemove(lock);
      if (limit.isOver(holder, state)) throw heldError(lock, holder, state);
      await sleep(pause * (0.5 + Math.random()));
    }
    debug("lock", () => `took ${lock} after ${Math.round(performance.now() - start)} ms`);
  } finally {
    discard(prepared, me);
  }
}

/** When to stop waiting: the wait starts again for each new holder, and is shorter for a stopped one. */
class WaitLimit {
  readonly #waitMs: number;
  readonly #end: number;
  #deadline: number;
  #holder: string | null | undefined;
  #stopped: { holder: string; until: number } | null = null;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
    this.#deadline = performance.now() + waitMs;
    this.#end = performance.now() + waitMs * MAX_HOLDERS;
  }

  isOver(holder: string | null, state: Liveness | null): boolean {
    const now = performance.now();
    if (this.#holder !== undefined && holder !== this.#holder) this.#deadline = Math.min(this.#end, now + this.#waitMs);
    this.#holder = holder;
    if (holder === null || state !== "stopped") this.#stopped = null;
    else if (this.#stopped?.holder !== holder) this.#stopped = { holder, until: now + STOPPED_WAIT_MS };
    return now >= Math.min(this.#deadline, this.#stopped?.until ?? Number.POSITIVE_INFINITY);
  }
}

/**
 * Releases the lock, unless it was removed by hand and now belongs to another process. A lock that cannot be removed
 * becomes free when this process ends.
 */
function release(lock: string, me: string): void {
  if (tryRemove(join(lock, me))) tryRemove(lock);
}

/** Removes the prepared folder, unless it became the lock. */
function discard(prepared: string, me: string): void {
  tryRemove(join(prepared, me));
  tryRemove(prepared);
}

/** Removes the prepared folders of processes that were killed before they took this lock. */
async function sweepPrepared(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const name of readdirSync(dirname(lock))) {
    if (!name.startsWith(prefix)) continue;
    const owner = name.slice(prefix.length);
    const identity = parseIdentity(owner);
    if (identity !== null && (await isSurelyGone(identity))) discard(join(dirname(lock), name), owner);
  }
}

/** The name inside the lock; null when the lock is free or being released. */
function holderOf(lock: string): string | null {
  try {
    return readdirSync(lock)[0] ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw hasCode(error, "ENOTDIR") ? notALockError(lock, error) : explainFailure("lock", lock, error);
  }
}

async function holderState(name: string): Promise<Liveness | null> {
  const identity = parseIdentity(name);
  return identity === null ? null : await liveness(identity);
}

function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    // The lock was taken, or removed in the meantime. Windows reports EPERM or EACCES for a target that exists.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM", "EACCES")) return false;
    throw hasCode(error, "ENOTDIR") ? notALockError(to, error) : explainFailure("lock", to, error);
  }
}

function tryRemove(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function heldError(lock: string, holder: string | null, state: Liveness | null): ExpectedError {
  const file = lock.replace(/\.lock$/, "");
  if (holder === null)
    return new LockHeldError(`\`${file}\` is busy: other processes keep locking it`, { hint: "try again" });
  const identity = parseIdentity(holder);
  if (identity === null) return notALockError(lock, undefined);
  const holds = `\`${file}\` is locked by process ${identity.pid}`;
  switch (state) {
    case "stopped":
      return new LockHeldError(`${holds}, which is stopped`, {
        hint: `resume it with \`kill -CONT ${identity.pid}\` or end it, then try again`,
      });
    case "gone":
      return new LockHeldError(`${holds}, which has ended; its lock cannot be removed`, {
        hint: `remove the folder \`${lock}\``,
      });
    case "unknown":
      return new LockHeldError(`${holds} on another machine or in another container`, {
        hint: `if that process has ended, remove the folder \`${lock}\``,
      });
    default:
      return new LockHeldError(holds, { hint: "wait until it has finished, then try again" });
  }
}

function notALockError(lock: string, cause: unknown): ExpectedError {
  return new ExpectedError(`\`${lock}\` exists and was not created by \`ctx\``, {
    hint: "move it away and try again",
    cause,
  });
}
