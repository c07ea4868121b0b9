// When a path was last changed, as the file system tells it.
import type { Stats } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hasCode } from "../../system/errors.ts";

/** Larger folders are not looked through. */
const MAX_ENTRIES = 2_000;
/** A folder's time and that of the entry that set it lie this close. */
const SAME_MS = 20;

/** When the file got its content, in milliseconds; null where nobody can tell. */
export async function changedAt(path: string, since: number): Promise<number | null> {
  const info = await statOf(path);
  if (info === null) return null;
  // A time from before the run was copied along with the content: `cp -p`, `tar x`.
  return info.mtimeMs >= since ? info.mtimeMs : info.ctimeMs;
}

/** When files were deleted, by the times of the folders they were in. */
export class FolderTimes {
  readonly #root: string;
  readonly #known = new Map<string, Promise<number | null>>();

  constructor(root: string) {
    this.#root = root;
  }

  async deletedAt(path: string): Promise<number | null> {
    return await this.#changedAt(dirname(path));
  }

  #changedAt(folder: string): Promise<number | null> {
    const known = this.#known.get(folder) ?? this.#look(folder);
    this.#known.set(folder, known);
    return known;
  }

  /** The time of the nearest folder that is left, unless it is the time at which one of its entries came. */
  async #look(folder: string): Promise<number | null> {
    if (folder.length < this.#root.length) return null;
    const info = await statOf(folder);
    if (info === null) return await this.#changedAt(dirname(folder));
    const names = info.isDirectory() ? await readdir(folder) : [];
    if (!info.isDirectory() || names.length > MAX_ENTRIES) return null;
    for (const name of names) {
      const entry = await statOf(join(folder, name));
      // What happens in a folder sets its own time as well, but not when it came.
      const came = entry?.isDirectory() ? entry.birthtimeMs : entry?.ctimeMs;
      if (came !== undefined && Math.abs(came - info.mtimeMs) <= SAME_MS) return null;
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
