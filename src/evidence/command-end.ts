// How a command's script ended, in the shell's terms.
import type { CommandEvent } from "../events/event.ts";

/** `unfinished`: still running when the log ends, or stopped from outside. */
export type CommandEnd = "zero" | "nonzero" | "unknown" | "unfinished";

/** The exit statuses of what was stopped: by a time limit, ctrl-C, SIGKILL, SIGTERM. */
const STOPPED = [124, 130, 137, 143];

export function endOf({ outcome, exitCode }: CommandEvent): CommandEnd {
  if (outcome === "interrupted" || outcome === "running" || STOPPED.includes(exitCode ?? 0)) return "unfinished";
  if (exitCode !== null) return exitCode === 0 ? "zero" : "nonzero";
  return outcome === "ok" ? "zero" : outcome === "failed" ? "nonzero" : "unknown";
}
