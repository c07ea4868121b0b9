// The evaluators that are programs, by name.
import type { Digest } from "../digest/digest.ts";
import { claude } from "./claude/claude.ts";
import { type CliDryRun, dryRunCli, evaluateWithCli } from "./cli-evaluation.ts";
import { codex } from "./codex/codex.ts";
import type { CliEvaluator, EvaluationResult, EvaluatorOptions } from "./evaluator.ts";

export type ProgramName = CliEvaluator["name"];

export async function evaluateBy(
  name: ProgramName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  return name === "codex"
    ? await evaluateWithCli(codex, digest, options)
    : await evaluateWithCli(claude, digest, options);
}

/** What `evaluateBy` would run; see `dryRunCli`. */
export async function dryRunBy(name: ProgramName, digest: Digest, options: EvaluatorOptions): Promise<CliDryRun> {
  return name === "codex" ? await dryRunCli(codex, digest, options) : await dryRunCli(claude, digest, options);
}
