// Creates, lists and syncs folders. A new name survives a power cut only once its parent folder is synced.
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode, ifReadable } from "./errors.ts";
import { explainFailure } from "./system-errors.ts";

/** Creates a folder with its parents, and syncs every parent that gained a name. */
export function makeDirectory(path: string, mode = 0o777): void {
  let first: string | undefined;
  try {
    first = mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw explainFailure("create", path, error);
  }
  if (first === undefined) return;
  const top = dirname(first);
  for (let parent = dirname(path); parent.length >= top.length; parent = dirname(parent)) {
    syncDirectory(parent);
    if (parent === top) return;
  }
}

/** The names in a folder, sorted; empty if there is no such folder. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/**
 * The sorted names in a folder that may belong to others or be changed by them; null if the folder is missing or cannot
 * be read.
 */
export function readableNames(path: string): string[] | null {
  return ifReadable(() => readdirSync(path).sort());
}

/** Removes a file, if it is there. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw explainFailure("remove", path, error);
  }
}

/** Makes the names in a folder durable. Does nothing where folders cannot be synced (Windows, some file systems). */
export function syncDirectory(path: string): void {
  try {
    const fd = openSync(path, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!hasCode(error, "EACCES", "EINVAL", "EISDIR", "ENOTSUP", "EPERM")) throw explainFailure("write", path, error);
  }
}
