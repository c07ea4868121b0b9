// How the program ends: one closed type, one place that turns it into an exit status.
import { constants } from "node:os";

/**
 * How a command ended.
 * - `done`: it did what was asked
 * - `failed`: the user can mend it
 * - `usage`: the command line was wrong
 * - `bug`: our own fault
 * - `later`: nothing is wrong, but it cannot go on now; try again later
 * - a status or signal: that of the wrapped tool, passed through
 */
export type Exit =
  | "done"
  | "failed"
  | "usage"
  | "bug"
  | "later"
  | { readonly status: number }
  | { readonly signal: NodeJS.Signals };

const STATUS = { done: 0, failed: 1, usage: 2, bug: 70, later: 75 } as const;

/** The exit status the shell sees. 70 and 75 are `EX_SOFTWARE` and `EX_TEMPFAIL` of sysexits.h. */
export function exitStatus(exit: Exit): number {
  if (typeof exit === "string") return STATUS[exit];
  return "status" in exit ? exit.status : 128 + constants.signals[exit.signal];
}
