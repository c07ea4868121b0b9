// What the installed Codex is and which options its `exec` has. Asked once for each executable.
import { realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { hasCode } from "../../system/errors.ts";
import { type RunResult, run } from "../../system/spawn.ts";

export interface CodexTraits {
  version: string | null;
  /** The long options that `codex exec --help` names. */
  options: ReadonlySet<string>;
}

const ASK_TIMEOUT_MS = 20_000;
const known = new Map<string, CodexTraits>();

/** The traits of an executable, or how it failed to tell its version. */
export async function askCodex(
  executable: string,
  surroundings: { env: Record<string, string>; cwd: string },
): Promise<{ traits: CodexTraits } | { failed: RunResult }> {
  const identity = identify(executable);
  const cached = identity === null ? undefined : known.get(identity);
  if (cached !== undefined) return { traits: cached };
  const ask = (...args: string[]) => run([executable, ...args], { ...surroundings, timeoutMs: ASK_TIMEOUT_MS });
  const [version, help] = await Promise.all([ask("--version"), ask("exec", "--help")]);
  if (version.code !== 0) return { failed: version };
  const traits = {
    version: /\d+\.\d+\.\d+[\w.+-]*/.exec(version.stdout)?.[0] ?? null,
    options: optionsOf(help.stdout),
  };
  if (identity !== null) known.set(identity, traits);
  return { traits };
}

function optionsOf(help: string): Set<string> {
  return new Set([...help.matchAll(/^\s+(?:-\w, )?(--[a-z][a-z-]*)/gm)].flatMap(([, option]) => option ?? []));
}

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
  return candidates.find((candidate) => identify(candidate) !== null) ?? null;
}

/** Which file it is, in which state; null when there is none that can be run. */
function identify(executable: string): string | null {
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
