// What an export would ask of its evaluator: the same run found in the same way, with nothing run and nothing written.
import { dryRunEvaluation, type EvaluationDryRun } from "../changelog/record.ts";
import type { ExportOptions } from "./options.ts";
import { prepareExport, refuseEmptyWindow } from "./prepare.ts";
import { chooseEvaluator } from "./record-entry.ts";

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
  const prepared = await prepareExport(options);
  const { config, log, label, run } = prepared;
  const evaluator = chooseEvaluator(config, options.timeoutMs);
  refuseEmptyWindow(prepared, options);
  const told = { source: log.path, wanted: config.changelog?.value === true };
  if (run === null || run.isEmpty) return { ...told, evaluation: null };
  return { ...told, evaluation: await dryRunEvaluation({ ...run, label }, { evaluator, env: options.env }) };
}
