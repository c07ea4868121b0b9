// A scripted model for parallel sessions: each prompt names a worker, and the model makes a file of that name.
import type { Step } from "./script.ts";

/** The prompt that asks for the file of a worker. A resumed session gets further prompts. */
export function askWorker(worker: string): string {
  return `Make a file, ${worker}`;
}

/** `worker-1` makes `worker-1.txt`. */
export function workerScript(body: unknown): Step {
  const asked = JSON.stringify(body);
  const worker =
    asked
      .match(/Make a file, ([\w-]+)/g)
      ?.at(-1)
      ?.slice("Make a file, ".length) ?? "nobody";
  const prompts = asked.split("Make a file, ").length - 1;
  return countCalls(body) >= prompts ? { say: `Made ${worker}.` } : { run: `echo made > ${worker}.txt` };
}

/** How many calls of the session have results so far. */
export function countCalls(body: unknown): number {
  return JSON.stringify(body).split(/"(?:function|custom_tool)_call_output"/).length - 1;
}
