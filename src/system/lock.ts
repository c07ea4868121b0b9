// A lock between processes that outlives crashed holders and never lets two in.
//
// The lock is a folder holding one empty folder named after its owner. Git never sees empty folders, so a killed
// holder leaves nothing to commit. A rename takes it: the prepared folder appears with its owner inside, or not at
// all, since a folder never replaces one that is not empty. A rename of the inner folder takes over a dead holder's:
// it succeeds for one claimant only, and only while that very holder is still the one named.
import { mkdirSync, readdirSync, renameSync, rmdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ExpectedError, hasCode } from "./errors.ts";
import {
  formatIdentity,
  identifySelf,
  isSurelyGone,
  type Liveness,
  liveness,
  parseIdentity,
} from "./process-identity.ts";
import { explainWriteFailure } from "./write-failure.ts";

export interface LockOptions {
  /** How long to wait for another holder, and again for the next one. Default 30 s. */
  waitMs?: number;
}

const DEFAULT_WAIT_MS = 30_000;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 40;
/** A holder that was stopped (Ctrl-Z) may stay so for days: nobody waits long for that. */
const STOPPED_MS = 3_000;
/** Bounds the wait where holders follow one another for ever. */
const MOST_TURNS = 40;

/** Somebody else holds the lock, and did not give it back in time. */
export class LockHeldError extends ExpectedError {}

/** Whether somebody holds the lock of a file who may still live. */
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
    await sweep(lock);
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
    throw explainWriteFailure("lock", lock, error);
  }
  try {
    const patience = new Patience(waitMs);
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      if (moved(prepared, lock)) break;
      const holder = holderOf(lock);
      // Network file systems may report a rename as failed that was done, when the first reply got lost.
      if (holder === me) break;
      const state = holder === null ? null : await stateOf(holder);
      if (holder !== null && state === "gone" && moved(join(lock, holder), join(lock, me))) break;
      // Where a rename does not replace an empty folder, half a release would be in the way for ever.
      if (holder === null) removed(lock);
      if (patience.isOver(holder, state)) throw heldBy(lock, holder, state);
      await sleep(pause * (0.5 + Math.random()));
    }
  } finally {
    discard(prepared, me);
  }
}

/**
 * How long is waited: a while for one holder, anew for the next one, since where many wait for their turn it is nobody's
 * fault that it takes long; less for one that does not work.
 */
class Patience {
  readonly #waitMs: number;
  readonly #end: number;
  #deadline: number;
  #holder: string | null | undefined;
  #stopped: { holder: string; until: number } | null = null;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
    this.#deadline = performance.now() + waitMs;
    this.#end = performance.now() + waitMs * MOST_TURNS;
  }

  isOver(holder: string | null, state: Liveness | null): boolean {
    const now = performance.now();
    if (this.#holder !== undefined && holder !== this.#holder) this.#deadline = Math.min(this.#end, now + this.#waitMs);
    this.#holder = holder;
    if (holder === null || state !== "stopped") this.#stopped = null;
    else if (this.#stopped?.holder !== holder) this.#stopped = { holder, until: now + STOPPED_MS };
    return now >= Math.min(this.#deadline, this.#stopped?.until ?? Number.POSITIVE_INFINITY);
  }
}

/**
 * Gives the lock back. If it was removed by hand, it may be another's by now: theirs is left alone. One that cannot be
 * removed is free once we are gone: what was done under it stands.
 */
function release(lock: string, me: string): void {
  if (removed(join(lock, me))) removed(lock);
}

/** Removes what is left of this attempt: nothing, where the prepared folder became the lock. */
function discard(prepared: string, me: string): void {
  removed(join(prepared, me));
  removed(prepared);
}

/** Removes what processes left that were killed while they prepared to take this lock. */
async function sweep(lock: string): Promise<void> {
  const prefix = `${basename(lock)}.`;
  for (const name of readdirSync(dirname(lock))) {
    if (!name.startsWith(prefix)) continue;
    const owner = name.slice(prefix.length);
    const identity = parseIdentity(owner);
    if (identity !== null && (await isSurelyGone(identity))) discard(join(dirname(lock), name), owner);
  }
}

/** The name inside the lock; null when the lock is free, or about to be. */
function holderOf(lock: string): string | null {
  try {
    return readdirSync(lock)[0] ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw hasCode(error, "ENOTDIR") ? notOurs(lock, error) : explainWriteFailure("lock", lock, error);
  }
}

async function stateOf(name: string): Promise<Liveness | null> {
  const identity = parseIdentity(name);
  return identity === null ? null : await liveness(identity);
}

function moved(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    // Taken, or gone since we looked. Windows says EPERM or EACCES for a target that exists.
    if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM", "EACCES")) return false;
    throw hasCode(error, "ENOTDIR") ? notOurs(to, error) : explainWriteFailure("lock", to, error);
  }
}

function removed(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

function heldBy(lock: string, holder: string | null, state: Liveness | null): ExpectedError {
  const file = lock.replace(/\.lock$/, "");
  if (holder === null) return new LockHeldError(`\`${file}\` is locked again and again`, { hint: "try again" });
  const identity = parseIdentity(holder);
  if (identity === null) return notOurs(lock, undefined);
  const holds = `\`${file}\` is locked by process ${identity.pid}`;
  switch (state) {
    case "stopped":
      return new LockHeldError(`${holds}, which is stopped`, {
        hint: `continue it with \`kill -CONT ${identity.pid}\` or end it, then try again`,
      });
    case "gone":
      return new LockHeldError(`${holds}, which is gone, and its lock may not be changed`, {
        hint: `remove the folder \`${lock}\``,
      });
    case "unknown":
      return new LockHeldError(`${holds} on another machine or in another container`, {
        hint: `if that process is gone, remove the folder \`${lock}\``,
      });
    default:
      return new LockHeldError(holds, { hint: "wait until it is done, then try again" });
  }
}

function notOurs(lock: string, cause: unknown): ExpectedError {
  return new ExpectedError(`\`${lock}\` is in the way and was not made by \`ctx\``, {
    hint: "move it away and try again",
    cause,
  });
}
