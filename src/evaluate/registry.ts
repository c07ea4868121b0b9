// The evaluators by name. The module of a tool's evaluator is loaded when it is used.
import type { Digest } from "../digest/digest.ts";
import type { CliDryRun } from "./cli-evaluation.ts";
import type { CliEvaluator, EvaluationResult, EvaluatorOptions } from "./evaluator.ts";

const CLI_EVALUATORS = {
  codex: async (): Promise<CliEvaluator> => (await import("./codex/codex.ts")).codex,
  claude: async (): Promise<CliEvaluator> => (await import("./claude/claude.ts")).claude,
};

/** The evaluators that run a command-line tool. */
export type CliEvaluatorName = keyof typeof CLI_EVALUATORS;

/** `builtin` uses no model. */
export type EvaluatorName = CliEvaluatorName | "builtin";

export const EVALUATOR_NAMES: readonly EvaluatorName[] = [
  ...(Object.keys(CLI_EVALUATORS) as CliEvaluatorName[]),
  "builtin",
];

export const DEFAULT_EVALUATOR: EvaluatorName = "codex";

export async function evaluateDigest(
  name: CliEvaluatorName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  const { evaluateWithCli } = await import("./cli-evaluation.ts");
  return await evaluateWithCli(await CLI_EVALUATORS[name](), digest, options);
}

/** What an evaluation would run; nothing is run. */
export async function dryRunDigest(
  name: CliEvaluatorName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<CliDryRun> {
  const { dryRunCli } = await import("./cli-evaluation.ts");
  return await dryRunCli(await CLI_EVALUATORS[name](), digest, options);
}
