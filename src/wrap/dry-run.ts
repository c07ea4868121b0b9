// What an export would ask of its evaluator: the same run found in the same way, with nothing run and nothing written.
import { dryRunEvaluation, type EvaluationDryRun } from "../changelog/record.ts";
import { type RunSource, readRunFacts } from "../changelog/run-facts.ts";
import { chooseEvaluator, isIdle } from "./changelog-step.ts";
import type { ExportOptions } from "./export-options.ts";
import { findSession } from "./find-session.ts";
import { findRun } from "./select-run.ts";
import { findSessionDirectory } from "./session-directory.ts";

export interface ExportDryRun {
  /** The log the run is in. */
  source: string;
  /** Whether the settings want an entry at all. */
  wanted: boolean;
  /** Null when there is nothing to tell of. */
  evaluation: EvaluationDryRun | null;
}

/** Throws an `ExpectedError` where the export would, and when the evaluator is not there. */
export async function dryRunExport(options: ExportOptions): Promise<ExportDryRun> {
  const { tool, env, home, output, timeoutMs } = options;
  const { root, config, log, head } = await findSession(options);
  const evaluator = chooseEvaluator(config, timeoutMs);
  const directory = output ?? findSessionDirectory(root, tool, head.sessionId);
  const { label, plan } = await findRun(log, head, directory, options);
  const told = { source: log.path, wanted: config.changelog?.value === true };
  if (plan === null) return { ...told, evaluation: null };

  const source: RunSource = { log, head, range: plan, window: { start: options.start, end: options.end }, root, home };
  const facts = await readRunFacts(source);
  if (isIdle(facts.evidence)) return { ...told, evaluation: null };
  return { ...told, evaluation: await dryRunEvaluation({ source, facts, label }, { evaluator, env }) };
}
