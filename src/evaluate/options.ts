// What an evaluation by a program is given, and which places follow from it.
import { join } from "node:path";
import { cacheDirectory } from "../system/cache-directory.ts";
import type { Environment } from "../system/paths.ts";

export interface EvaluatorOptions {
  /** A name to look up in `PATH`, or a path. */
  command: string;
  /** Null leaves the choice to the user's settings of the program. */
  model: string | null;
  /** For both tries together, unless the second one is made because this was over. */
  timeoutMs: number;
  /** Whether a digest that took too long is tried once more, far shorter. */
  retriesTimeout?: boolean | undefined;
  env: Environment;
  home: string;
  platform?: NodeJS.Platform;
}

/** Where evaluations have their homes. */
export function homesFolder({ env, home }: Pick<EvaluatorOptions, "env" | "home">): string {
  return join(cacheDirectory(env, home), "evaluator");
}

/** Where evaluations have their homes, and where it is remembered what executables of this name can do. */
export function cachePaths(options: EvaluatorOptions, name: string): { homes: string; traits: string } {
  const cache = cacheDirectory(options.env, options.home);
  return { homes: homesFolder(options), traits: join(cache, `${name}-traits.json`) };
}

export function notInstalled(command: string): string {
  return `\`${command}\` is not installed or may not be run`;
}
