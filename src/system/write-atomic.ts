// Whole-file replacement: a reader sees the old file or the new one, whatever happens in between.
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { chmod, type FileHandle, lstat, open, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { namesIn, syncDirectory } from "./directory.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import { formatIdentity, identityAtHand, isGoneAtHand, parseIdentity } from "./process-identity.ts";
import { randomHex } from "./random.ts";
import { explainWriteFailure, isRefusal } from "./write-failure.ts";

const TEMPORARY = { start: ".ctx-", end: ".tmp" } as const;

export interface ReplaceOptions {
  /** The mode of the new file; default that of the file it replaces, else that it was created with. */
  mode?: number;
  /** Replace what a symbolic link points to (for the user's own files); otherwise a link is refused. */
  followLink?: boolean;
}

/** Replaces a file by this content, or creates it. */
export async function writeAtomic(
  path: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): Promise<void> {
  await replaceFile(path, (temporary, mode) => writeFile(temporary, content, { flag: "wx", mode }), options);
}

/** Replaces a file by the one that `create` makes under a temporary name beside it. */
export async function replaceFile(
  path: string,
  create: (temporary: string, mode: number) => Promise<void>,
  options: ReplaceOptions = {},
): Promise<void> {
  let temporary: string | null = null;
  try {
    const target = options.followLink ? await followLink(path) : path;
    const old = await existingFile(target);
    const known = options.mode ?? (old === null ? null : old.mode & 0o7777);
    temporary = join(dirname(target), temporaryName());
    // What replaces a private file is never readable by others, not even under its temporary name.
    await create(temporary, known === null ? 0o666 : 0o600);
    await finish(temporary, known ?? (await stat(temporary)).mode & 0o7777, old);
    await rename(temporary, target);
    syncDirectory(dirname(target));
  } catch (error) {
    if (temporary !== null) discard(temporary);
    throw explainWriteFailure("write", path, error);
  }
}

/**
 * Creates a file, all of it or nothing, without a turn of the event loop: for where a person waits. False when
 * something by that name exists: of several that create it, one does.
 */
export function createAtomic(path: string, content: string, mode: number): boolean {
  const temporary = join(dirname(path), temporaryName());
  try {
    const fd = openSync(temporary, "wx", mode);
    try {
      writeFileSync(fd, content);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    const isCreated = nameOnce(temporary, path);
    if (isCreated) syncDirectory(dirname(path));
    return isCreated;
  } catch (error) {
    throw explainWriteFailure("write", path, error);
  } finally {
    discard(temporary);
  }
}

/**
 * Replaces a file that can be made again, unless it holds this already. It is not synced: a power cut may cost it, and
 * it is made anew. A link by its name is replaced, not followed.
 */
export async function replaceIfChanged(path: string, content: Uint8Array, mode: number): Promise<void> {
  (await stageIfChanged(path, content, mode))?.put();
}

/** A file that is written already, and not yet in its place. */
export interface StagedFile {
  put(): void;
  drop(): void;
}

/** Does all of `replaceIfChanged` but the last step; null where the file holds this already. */
export async function stageIfChanged(path: string, content: Uint8Array, mode: number): Promise<StagedFile | null> {
  if (await holds(path, content)) return null;
  const temporary = join(dirname(path), temporaryName());
  const drop = () => discard(temporary);
  try {
    await writeFile(temporary, content, { flag: "wx", mode });
  } catch (error) {
    drop();
    throw explainWriteFailure("write", path, error);
  }
  const put = () => {
    try {
      renameSync(temporary, path);
    } catch (error) {
      drop();
      throw explainWriteFailure("write", path, error);
    }
  };
  return { put, drop };
}

async function holds(path: string, content: Uint8Array): Promise<boolean> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size !== content.length) return false;
  return (await readFile(path)).equals(content);
}

/** Gives a file a second name, unless that is taken. */
function nameOnce(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
  }
  // A file system without links: there is no way to do both at once.
  if (existsSync(name)) return false;
  renameSync(path, name);
  return true;
}

/** It tells whose it is: what a killed process leaves is known for it. */
function temporaryName(): string {
  const identity = identityAtHand();
  const owner = identity === null ? `${process.pid}-${randomHex(6)}` : formatIdentity(identity);
  return `${TEMPORARY.start}${owner}${TEMPORARY.end}`;
}

/** Removes a temporary file. One that stays is in nobody's way, so that is no reason to call done work failed. */
function discard(temporary: string): void {
  try {
    unlinkSync(temporary);
  } catch {}
}

/**
 * Removes from a folder the temporary files of processes that were killed while they wrote. What cannot be looked
 * through is left as it is: nobody came for that.
 */
export function sweepTemporaries(folder: string): void {
  for (const name of namesToSweep(folder)) {
    if (!name.startsWith(TEMPORARY.start) || !name.endsWith(TEMPORARY.end)) continue;
    const owner = parseIdentity(name.slice(TEMPORARY.start.length, -TEMPORARY.end.length));
    if (owner !== null && isGoneAtHand(owner)) discard(join(folder, name));
  }
}

function namesToSweep(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch (error) {
    if (isRefusal(error)) return [];
    throw error;
  }
}

async function followLink(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return path;
    throw error;
  }
}

async function existingFile(path: string): Promise<Stats | null> {
  try {
    const stats = await lstat(path);
    if (stats.isFile()) return stats;
    const what = stats.isSymbolicLink() ? "a symbolic link" : "no regular file";
    throw new ExpectedError(`cannot write \`${path}\`: it is ${what}`, { hint: "move it away and try again" });
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Owner, mode, sync: all before the file gets its name. */
async function finish(temporary: string, mode: number, old: Stats | null): Promise<void> {
  await chmod(temporary, 0o600);
  const file = await open(temporary, "r+");
  try {
    if (old !== null) await keepOwner(file, old);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file replaced by root stays its owner's. */
async function keepOwner(file: FileHandle, old: Stats): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid === old.uid && gid === old.gid) return;
  try {
    await file.chown(old.uid, old.gid);
  } catch (error) {
    if (!hasCode(error, "EPERM", "EINVAL", "ENOSYS")) throw error;
  }
}
