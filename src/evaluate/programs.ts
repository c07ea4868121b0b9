// The evaluators that are programs, by name.
import type { Digest } from "../digest/digest.ts";
import { claude } from "./claude/claude.ts";
import { codex } from "./codex/codex.ts";
import { dryRunCli, type CliDryRun } from "./dry-run.ts";
import { evaluateWithCli } from "./evaluate-with.ts";
import type { EvaluationResult } from "./evaluator.ts";
import type { EvaluatorOptions } from "./options.ts";
import type { CliEvaluator } from "./program.ts";

export type ProgramName = CliEvaluator["name"];

export async function evaluateBy(
  name: ProgramName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  return name === "codex" ? await evaluateWithCli(codex, digest, options) : await evaluateWithCli(claude, digest, options);
}

/** What `evaluateBy` would run; see `dryRunWith`. */
export async function dryRunBy(name: ProgramName, digest: Digest, options: EvaluatorOptions): Promise<CliDryRun> {
  return name === "codex" ? await dryRunCli(codex, digest, options) : await dryRunCli(claude, digest, options);
}
