// Folders that are still there after a power cut: a new name is durable only once its parent is synced.
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { hasCode } from "./errors.ts";
import { explainWriteFailure } from "./write-failure.ts";

/** Creates a folder with its parents, and syncs every parent that got a new name. */
export function makeDirectory(path: string, mode = 0o777): void {
  let first: string | undefined;
  try {
    first = mkdirSync(path, { recursive: true, mode });
  } catch (error) {
    throw explainWriteFailure("create", path, error);
  }
  if (first === undefined) return;
  const top = dirname(first);
  for (let parent = dirname(path); parent.length >= top.length; parent = dirname(parent)) {
    syncDirectory(parent);
    if (parent === top) return;
  }
}

/** The names in a folder; none where there is no folder. */
export function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Makes the names in a folder durable. File systems that cannot sync a folder (and Windows) are left alone. */
export function syncDirectory(path: string): void {
  try {
    const fd = openSync(path, "r");
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!hasCode(error, "EACCES", "EINVAL", "EISDIR", "ENOTSUP", "EPERM"))
      throw explainWriteFailure("write", path, error);
  }
}
