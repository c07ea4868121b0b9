// What is to be done about a run, given what is recorded of it. Pure.
import type { RecordedRun } from "../runs/recorded-entries.ts";

export interface BackfillPolicy {
  /** Whether a model is to be asked. */
  usesModel: boolean;
  /** Whether what no model ever saw is to be shown to one. */
  upgrades: boolean;
  /** Whether what a model failed at is tried again. */
  retriesFailed: boolean;
}

/**
 * What is to be done, or why nothing is.
 * - `record`: it has no entry
 * - `upgrade`: it has one that no model saw
 * - `recorded`: it has its entry
 * - `only-builtin`: it has one that no model saw, which is to stay so
 * - `failed-before`: likewise, for the evaluator failed at it
 */
export type Decision = "record" | "upgrade" | "recorded" | "only-builtin" | "failed-before";

export function decide(recorded: RecordedRun | null, failed: ReadonlySet<string>, wishes: BackfillPolicy): Decision {
  if (recorded === null) return "record";
  if (recorded.isEvaluated || !wishes.usesModel) return "recorded";
  if (!wishes.upgrades) return "only-builtin";
  return failed.has(recorded.runId) && !wishes.retriesFailed ? "failed-before" : "upgrade";
}
