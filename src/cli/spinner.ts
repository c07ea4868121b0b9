// A sign of life while somebody has to wait: one line on standard error, gone when the waiting is over.
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { isTerminal } from "./terminal.ts";

const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const FRAME_MS = 100;
/** Back to the beginning of the line, and nothing right of the cursor. */
const CLEAR = "\r\u001b[K";

/** Shows what is waited for and for how long, until it is over. Nothing where standard error is no terminal. */
export function spin(text: string, over: Promise<unknown>, env: Environment): void {
  if (!isTerminal("stderr") || env.TERM === "dumb") return;
  const began = performance.now();
  let frame = 0;
  const draw = () => {
    const seconds = Math.floor((performance.now() - began) / 1000);
    writeStderr(`${CLEAR}${FRAMES[frame++ % FRAMES.length]} ${text} (${seconds} s)`);
  };
  draw();
  const timer = setInterval(draw, FRAME_MS);
  const stop = () => {
    clearInterval(timer);
    writeStderr(CLEAR);
  };
  over.then(stop, stop);
}
