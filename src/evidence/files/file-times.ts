// When a path was last changed, by the times of the file system.
import type { Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "../../system/errors.ts";

/** Larger folders are not searched. */
const MAX_ENTRIES = 2_000;
/** Adding an entry changes the time of its folder; the two times differ by less than this. */
const SAME_MS = 20;

/** When the file got its content, in milliseconds; null where unknown. `since`: when the run began. */
export async function contentTime(path: string, since: number): Promise<number | null> {
  const info = await statOf(path);
  if (info === null) return null;
  // `cp -p` and `tar x` copy an older time along with the content.
  return info.mtimeMs >= since ? info.mtimeMs : info.ctimeMs;
}

/** When files were deleted, by the times of the folders they were in. */
export class DeletionTimes {
  readonly #root: string;
  readonly #known = new Map<string, Promise<number | null>>();

  constructor(root: string) {
    this.#root = root;
  }

  /** In milliseconds; null where unknown. */
  async timeOf(path: string): Promise<number | null> {
    return await this.#folderTime(dirname(path));
  }

  #folderTime(folder: string): Promise<number | null> {
    const known = this.#known.get(folder) ?? this.#read(folder);
    this.#known.set(folder, known);
    return known;
  }

  /** The time of the nearest folder that still exists; null where it is the time at which an entry was added. */
  async #read(folder: string): Promise<number | null> {
    if (folder.length < this.#root.length) return null;
    const info = await statOf(folder);
    if (info === null) return await this.#folderTime(dirname(folder));
    const names = info.isDirectory() ? await readdir(folder) : [];
    if (!info.isDirectory() || names.length > MAX_ENTRIES) return null;
    for (const name of names) {
      const entry = await statOf(join(folder, name));
      // A subfolder's ctime changes with its own entries.
      const addedAt = entry?.isDirectory() ? entry.birthtimeMs : entry?.ctimeMs;
      if (addedAt !== undefined && Math.abs(addedAt - info.mtimeMs) <= SAME_MS) return null;
    }
    return info.mtimeMs;
  }
}

async function statOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG")) return null;
    throw error;
  }
}
