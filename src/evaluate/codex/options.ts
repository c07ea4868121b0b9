// What an evaluation by Codex is given, and which places follow from it.
import { join, resolve } from "node:path";
import { cacheDirectory } from "../../system/cache-directory.ts";
import type { Environment } from "../../system/paths.ts";

export interface CodexOptions {
  /** A name to look up in `PATH`, or a path. */
  command: string;
  /** Null leaves the choice to the user's Codex settings. */
  model: string | null;
  /** For both tries together. */
  timeoutMs: number;
  env: Environment;
  home: string;
}

/** The CODEX_HOME the user works with. */
export function userCodexHome({ env, home }: CodexOptions): string {
  return env.CODEX_HOME ? resolve(env.CODEX_HOME) : join(home, ".codex");
}

/** Where evaluations have their homes, and where it is remembered what executables can do. */
export function cachePaths({ env, home }: CodexOptions): { homes: string; traits: string } {
  const cache = cacheDirectory(env, home);
  return { homes: join(cache, "evaluator"), traits: join(cache, "codex-traits.json") };
}

export function notInstalled(command: string): string {
  return `\`${command}\` is not installed or may not be run`;
}
