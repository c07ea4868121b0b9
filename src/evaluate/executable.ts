// Which file a command is.
import { realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { hasCode } from "../system/errors.ts";

/**
 * A command as something that can be started from any folder: a path is made absolute, a name is looked up. Null
 * when there is no such program.
 */
export function findExecutable(command: string, path: string): string | null {
  const candidates = /[\\/]/.test(command)
    ? [resolve(command)]
    : path
        .split(delimiter)
        .filter(Boolean)
        .map((folder) => resolve(join(folder, command)));
  return candidates.find((candidate) => identifyExecutable(candidate) !== null) ?? null;
}

/** Which file it is, in which state; null when there is none that can be run. */
export function identifyExecutable(executable: string): string | null {
  try {
    const real = realpathSync(executable);
    const stats = statSync(real);
    if (!stats.isFile() || (stats.mode & 0o111) === 0) return null;
    return [real, stats.dev, stats.ino, stats.size, stats.mtimeMs].join("\0");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return null;
    throw error;
  }
}
