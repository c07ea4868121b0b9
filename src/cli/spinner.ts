// What a terminal shows during a long wait: one line on standard error, cleared at the end.
import type { EvaluationWait } from "../changelog/record.ts";
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import type { Interruption } from "./signals.ts";
import { isTerminal } from "./terminal.ts";

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME_MS = 100;
/** Moves the cursor to the start of the line and clears the line. */
const CLEAR = "\r\u001b[K";

/** Shows a text and the elapsed time until a promise settles. Does nothing when standard error is not a terminal. */
export function spin(text: string, promise: Promise<unknown>, env: Environment): void {
  if (!isTerminal("stderr") || env.TERM === "dumb") return;
  const start = performance.now();
  let frame = 0;
  const draw = () => {
    const seconds = Math.floor((performance.now() - start) / 1000);
    writeStderr(`${CLEAR}${FRAMES[frame++ % FRAMES.length]} ${text} (${seconds} s)`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  const stop = () => {
    clearInterval(timer);
    writeStderr(CLEAR);
  };
  promise.then(stop, stop);
}

/**
 * How to wait for an evaluation. With an interruption, Ctrl-C leaves the run pending; without one, the user cannot
 * postpone the evaluation.
 */
export function waitForEvaluation(interruption: Interruption | null, env: Environment, quiet: boolean): EvaluationWait {
  const hint = interruption === null ? "" : "; press Ctrl-C to postpone the entry";
  return {
    onEvaluation(evaluator, promise) {
      if (!quiet) spin(`summarizing the run with \`${evaluator}\`${hint}`, promise, env);
    },
    isAbandoned: () => interruption !== null && interruption.signal !== null,
  };
}
