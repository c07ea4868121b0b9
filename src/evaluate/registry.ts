// The evaluators by name. A program's own module is loaded when it is used.
import type { Digest } from "../digest/digest.ts";
import type { CliDryRun } from "./cli-evaluation.ts";
import type { CliEvaluator, EvaluationResult, EvaluatorOptions } from "./evaluator.ts";

const PROGRAMS = {
  codex: async (): Promise<CliEvaluator> => (await import("./codex/codex.ts")).codex,
  claude: async (): Promise<CliEvaluator> => (await import("./claude/claude.ts")).claude,
};

/** An evaluator that runs a program, which asks a model. */
export type ProgramName = keyof typeof PROGRAMS;

/** `builtin` asks no model. */
export type EvaluatorName = ProgramName | "builtin";

export const EVALUATOR_NAMES: readonly EvaluatorName[] = [...(Object.keys(PROGRAMS) as ProgramName[]), "builtin"];

export const DEFAULT_EVALUATOR: EvaluatorName = "codex";

export async function evaluateBy(
  name: ProgramName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  const { evaluateWithCli } = await import("./cli-evaluation.ts");
  return await evaluateWithCli(await PROGRAMS[name](), digest, options);
}

/** What `evaluateBy` would run; see `dryRunCli`. */
export async function dryRunBy(name: ProgramName, digest: Digest, options: EvaluatorOptions): Promise<CliDryRun> {
  const { dryRunCli } = await import("./cli-evaluation.ts");
  return await dryRunCli(await PROGRAMS[name](), digest, options);
}
