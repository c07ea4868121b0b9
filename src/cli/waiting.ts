// How the person at the terminal waits for an evaluation: with a sign of life, and free to leave.
import type { EvaluationWait } from "../changelog/record.ts";
import type { Environment } from "../system/paths.ts";
import type { Interruption } from "./interruption.ts";
import { spin } from "./spinner.ts";

/** With an interruption, Ctrl-C leaves the evaluation for another time; without one it is the caller's affair. */
export function waitAtTerminal(interruption: Interruption | null, env: Environment, quiet: boolean): EvaluationWait {
  const hint = interruption === null ? "" : "; Ctrl-C leaves that for later";
  return {
    onEvaluation(evaluator, over) {
      if (!quiet) spin(`\`${evaluator}\` puts the run into words${hint}`, over, env);
    },
    isAbandoned: () => interruption !== null && interruption.signal !== null,
  };
}
