// Reads proc(5). Processes and descriptors may vanish at any time, and those of other users are not readable.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { ifReadable } from "./errors.ts";

/** The ids of all processes. */
export function processIds(): number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
}

/** The text of a file; empty if it cannot be read. */
export function readText(file: string, encoding: "utf8" | "latin1" = "utf8"): string {
  return ifReadable(() => readFileSync(file, encoding)) ?? "";
}

/** The target of a symbolic link; null if it cannot be read. */
export function readLink(path: string): string | null {
  return ifReadable(() => readlinkSync(path));
}

export interface ProcessStatus {
  /** One letter: `R`, `S`, `T` (stopped), `Z` (zombie), …. */
  state: string;
  parent: number;
  session: number;
  /** The start time in clock ticks since boot, as the kernel writes it. */
  start: string;
}

/** Null when the process has ended, or there is no `/proc`. */
export function processStatus(pid: number): ProcessStatus | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === "") return null;
  // The name in parentheses may hold anything. After it come state (field 3), parent (4), session (6), start (22).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), session: Number(fields[3]), start: fields[19] ?? "" };
}

/** The processes from `pid` up to `ancestor`, both included; null when `ancestor` is not an ancestor of `pid`. */
export function lineage(pid: number, ancestor: number): number[] | null {
  const line = [pid];
  for (let at = pid; at !== ancestor; line.push(at)) {
    const parent = processStatus(at)?.parent ?? 0;
    // A pid that is reused during the walk could make a cycle.
    if (parent <= 1 || line.includes(parent)) return null;
    at = parent;
  }
  return line;
}
