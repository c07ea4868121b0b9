// What an evaluation would run, without running it and without writing anything.
import type { Digest } from "../../evidence/digest.ts";
import { ExpectedError } from "../../system/errors.ts";
import { buildPrompt } from "../prompt.ts";
import { codexArguments, codexEnvironment, WHERE_KNOWN } from "./command.ts";
import { findExecutable } from "./executable.ts";
import { placesBelow, readSettings } from "./home.ts";
import { type CodexOptions, cachePaths, notInstalled, userCodexHome } from "./options.ts";
import { recallTraits } from "./traits-cache.ts";

export interface CodexDryRun {
  argv: string[];
  /** The empty folder it would be made to run in. */
  cwd: string;
  /** The names of its environment variables, sorted. */
  env: string[];
  /** What it would read from standard input. */
  prompt: string;
  /** Options in `argv` that stand there unconfirmed: this Codex was never asked whether it has them. */
  unconfirmed: string[];
}

/** The first try; a second one differs in its prompt alone. */
export async function dryRunCodex(digest: Digest, options: CodexOptions): Promise<CodexDryRun> {
  const { command, model, env } = options;
  const executable = findExecutable(command, env.PATH ?? "");
  if (executable === null) {
    throw new ExpectedError(notInstalled(command), { hint: "install codex, or name another evaluator" });
  }
  const { homes, traits: cache } = cachePaths(options);
  const settings = await readSettings(userCodexHome(options));
  const places = await placesBelow(homes);
  const traits = recallTraits(cache, executable);
  const leavesHome = (traits?.leavesHome ?? true) && !settings.needsHome;
  return {
    argv: [executable, ...codexArguments(places, traits?.options ?? new Set(WHERE_KNOWN), model)],
    cwd: places.work,
    env: Object.keys(codexEnvironment(env, places, settings, leavesHome)).sort(),
    prompt: buildPrompt(digest),
    unconfirmed: traits === null ? WHERE_KNOWN : [],
  };
}
