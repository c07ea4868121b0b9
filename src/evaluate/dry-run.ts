// What an evaluation would run, without running it and without writing anything.
import type { Digest } from "../digest/digest.ts";
import { ExpectedError } from "../system/errors.ts";
import { evaluatorEnvironment } from "./environment.ts";
import { findExecutable } from "./executable.ts";
import { cachePaths, type EvaluatorOptions, notInstalled } from "./options.ts";
import { planPaths } from "./private-home.ts";
import type { CliEvaluator, CliSettings } from "./program.ts";
import { buildPrompt } from "./prompt.ts";
import { cachedCapabilities } from "./traits-cache.ts";

export interface CliDryRun {
  argv: string[];
  /** The empty folder it would be made to run in. */
  cwd: string;
  /** The names of its environment variables, sorted. */
  env: string[];
  /** What it would read from standard input. */
  prompt: string;
  /** Options in `argv` that stand there unconfirmed: this program was never asked whether it has them. */
  unconfirmed: string[];
}

/** The first try; a second one differs in its prompt alone. */
export async function dryRunCli<Settings extends CliSettings>(
  program: CliEvaluator<Settings>,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<CliDryRun> {
  const { command, env } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) {
    throw new ExpectedError(notInstalled(command), { hint: `install ${program.name}, or name another evaluator` });
  }
  const { homes, traits: cache } = cachePaths(options, program.name);
  const settings = await program.settings(options);
  const places = await planPaths(homes);
  const traits = cachedCapabilities(cache, executable);
  const known = traits?.options ?? new Set(program.optional);
  const leavesHome = (traits?.worksWithoutHome ?? true) && !settings.needsHome;
  const own = program.environment(places, settings, options);
  const argv = [executable, ...program.arguments({ places, settings, options, supported: known })];
  return {
    argv,
    cwd: places.work,
    env: Object.keys(evaluatorEnvironment(env, places, { own, leavesHome })).sort(),
    prompt: buildPrompt(digest),
    unconfirmed: traits === null ? program.optional.filter((option) => argv.includes(option)) : [],
  };
}
