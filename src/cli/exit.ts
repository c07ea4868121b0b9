// How the program ends, and its exit status.
import { constants } from "node:os";

/**
 * How a command ended.
 * - `done`: it succeeded
 * - `failed`: it failed in a way the user can fix
 * - `usage`: the command line was wrong
 * - `bug`: it failed with an unexpected error
 * - `later`: it cannot continue now, and can be run again later
 * - a status or signal: that of the wrapped tool
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
