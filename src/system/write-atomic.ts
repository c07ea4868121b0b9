// Replaces files atomically: a reader sees the old file or the new one, never a part of it.
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
import { randomHex } from "./crypto.ts";
import { namesIn, syncDirectory } from "./directory.ts";
import { ExpectedError, hasCode } from "./errors.ts";
import { formatIdentity, isKnownGone, knownIdentity, parseIdentity } from "./process-identity.ts";
import { explainFailure, isFixable } from "./system-errors.ts";

const TEMPORARY = { start: ".ctx-", end: ".tmp" } as const;

export interface ReplaceOptions {
  /** The mode of the new file. Default: that of the replaced file, else that of the created one. */
  mode?: number;
  /** Replace the target of a symbolic link (for the user's own files) instead of refusing the link. */
  followLink?: boolean;
}

/** Replaces or creates a file. */
export async function writeAtomic(
  path: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): Promise<void> {
  await replaceFile(path, (temporary, mode) => writeFile(temporary, content, { flag: "wx", mode }), options);
}

/** Replaces a file with one that `create` writes under a temporary name in the same folder. */
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
    // The replacement of a private file must never be readable by others, not even under its temporary name.
    await create(temporary, known === null ? 0o666 : 0o600);
    await finish(temporary, known ?? (await stat(temporary)).mode & 0o7777, old);
    await rename(temporary, target);
    syncDirectory(dirname(target));
  } catch (error) {
    if (temporary !== null) removeTemporary(temporary);
    throw explainFailure("write", path, error);
  }
}

/**
 * Creates a file completely or not at all. It is synchronous, for use while the user waits. False when something with
 * that name exists: if several processes create the file, one succeeds.
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
    const isCreated = linkIfFree(temporary, path);
    if (isCreated) syncDirectory(dirname(path));
    return isCreated;
  } catch (error) {
    throw explainFailure("write", path, error);
  } finally {
    removeTemporary(temporary);
  }
}

/**
 * Creates a small file completely or not at all: later runs would mistake a partial file for one that the user wrote.
 * False when something with that name exists, even an empty file or a link. Removes what a killed process left when it
 * tried the same.
 */
export function createIfMissing(path: string, content: string): boolean {
  sweepTemporaries(dirname(path));
  if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return false;
  return createAtomic(path, content, 0o666);
}

/**
 * Replaces a file that can be regenerated, unless it already has this content. It is not synced, so a power cut may lose
 * it. A symbolic link with its name is replaced, not followed.
 */
export async function replaceIfChanged(path: string, content: Uint8Array, mode: number): Promise<void> {
  (await stageIfChanged(path, content, mode))?.commit();
}

/** A file that is written under a temporary name. */
export interface StagedFile {
  /** Renames it to its final name. */
  commit(): void;
  discard(): void;
}

/** `replaceIfChanged` without the final rename; null when the file already has this content. */
export async function stageIfChanged(path: string, content: Uint8Array, mode: number): Promise<StagedFile | null> {
  if (await hasContent(path, content)) return null;
  const temporary = join(dirname(path), temporaryName());
  const discard = () => removeTemporary(temporary);
  try {
    await writeFile(temporary, content, { flag: "wx", mode });
  } catch (error) {
    discard();
    throw explainFailure("write", path, error);
  }
  const commit = () => {
    try {
      renameSync(temporary, path);
    } catch (error) {
      discard();
      throw explainFailure("write", path, error);
    }
  };
  return { commit, discard };
}

async function hasContent(path: string, content: Uint8Array): Promise<boolean> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile() || stats.size !== content.length) return false;
  return (await readFile(path)).equals(content);
}

/** Gives a file a second name; false if that exists. */
function linkIfFree(path: string, name: string): boolean {
  try {
    linkSync(path, name);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    if (!hasCode(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
  }
  // A file system without hard links has no atomic way to do this.
  if (existsSync(name)) return false;
  renameSync(path, name);
  return true;
}

/** Contains the identity of this process, so that the files of killed processes can be recognized. */
function temporaryName(): string {
  const identity = knownIdentity();
  const owner = identity === null ? `${process.pid}-${randomHex(6)}` : formatIdentity(identity);
  return `${TEMPORARY.start}${owner}${TEMPORARY.end}`;
}

/** Removes a temporary file. Errors are ignored: a leftover does no harm, and must not fail finished work. */
function removeTemporary(temporary: string): void {
  try {
    unlinkSync(temporary);
  } catch {}
}

/** Removes from a folder the temporary files of processes that were killed. Does nothing if it cannot be read. */
export function sweepTemporaries(folder: string): void {
  for (const name of namesToSweep(folder)) {
    if (!name.startsWith(TEMPORARY.start) || !name.endsWith(TEMPORARY.end)) continue;
    const owner = parseIdentity(name.slice(TEMPORARY.start.length, -TEMPORARY.end.length));
    if (owner !== null && isKnownGone(owner)) removeTemporary(join(folder, name));
  }
}

function namesToSweep(folder: string): string[] {
  try {
    return namesIn(folder);
  } catch (error) {
    if (isFixable(error)) return [];
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
    const what = stats.isSymbolicLink() ? "a symbolic link" : "not a regular file";
    throw new ExpectedError(`cannot write \`${path}\`: it is ${what}`, { hint: "move it away and try again" });
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Sets owner and mode and syncs, before the file gets its final name. */
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

/** A file that root replaces keeps its owner. */
async function keepOwner(file: FileHandle, old: Stats): Promise<void> {
  const { uid, gid } = await file.stat();
  if (uid === old.uid && gid === old.gid) return;
  try {
    await file.chown(old.uid, old.gid);
  } catch (error) {
    if (!hasCode(error, "EPERM", "EINVAL", "ENOSYS")) throw error;
  }
}
