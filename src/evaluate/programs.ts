// The evaluators that are programs, by name.
import type { Digest } from "../digest/digest.ts";
import { claude } from "./claude/claude.ts";
import { codex } from "./codex/codex.ts";
import { dryRunWith, type ProgramDryRun } from "./dry-run.ts";
import { evaluateWith } from "./evaluate-with.ts";
import type { EvaluationResult } from "./evaluator.ts";
import type { EvaluatorOptions } from "./options.ts";
import type { Program } from "./program.ts";

export type ProgramName = Program["name"];

export async function evaluateBy(
  name: ProgramName,
  digest: Digest,
  options: EvaluatorOptions,
): Promise<EvaluationResult> {
  return name === "codex" ? await evaluateWith(codex, digest, options) : await evaluateWith(claude, digest, options);
}

/** What `evaluateBy` would run; see `dryRunWith`. */
export async function dryRunBy(name: ProgramName, digest: Digest, options: EvaluatorOptions): Promise<ProgramDryRun> {
  return name === "codex" ? await dryRunWith(codex, digest, options) : await dryRunWith(claude, digest, options);
}
