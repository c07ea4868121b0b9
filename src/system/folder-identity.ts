// Whether two paths are one folder. A case-insensitive disk, a bind mount and WSL give one folder several spellings that
// are all real paths; device and inode are the same.
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { ifReadable } from "./errors.ts";

/** Device and inode of a folder; null if there is none, or if the file system has no inode numbers. */
export function folderIdentity(path: string): string | null {
  const stats = ifReadable(() => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return stats?.isDirectory() && stats.ino !== 0n ? `${stats.dev}:${stats.ino}` : null;
}

/** Whether two paths are spellings of one folder. */
export function isSameFolder(a: string, b: string): boolean {
  if (a === b) return true;
  const identity = folderIdentity(a);
  return identity !== null && identity === folderIdentity(b);
}

/** How `path` spells a folder that contains it: the path itself or one of its parents; null if it is outside. */
export function spellingOf(folder: string, path: string): string | null {
  const wanted = folderIdentity(folder);
  for (let at = path; ; at = dirname(at)) {
    if (at === folder || (wanted !== null && folderIdentity(at) === wanted)) return at;
    if (dirname(at) === at) return null;
  }
}
