// Reading proc(5) on Linux, where processes and their descriptors may vanish at any time; other users' are not readable.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { ifReadable } from "./errors.ts";

/** The numbers of all processes. */
export function processIds(): number[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? Number(name) : []));
}

/** Empty where there is nothing to read. */
export function textOf(file: string, encoding: "utf8" | "latin1" = "utf8"): string {
  return ifReadable(() => readFileSync(file, encoding)) ?? "";
}

/** Where a link leads; null where it is gone. */
export function linkOf(path: string): string | null {
  return ifReadable(() => readlinkSync(path));
}

/** What the kernel says of a process. */
export interface ProcessStatus {
  /** One letter: `R`, `S`, `T` (stopped), `Z` (zombie), …. */
  state: string;
  parent: number;
  session: number;
  /** When it started, in clock ticks since boot, as the kernel writes it. */
  start: string;
}

/** The status of a process; null when it is gone, or there is no `/proc`. */
export function statusOf(pid: number): ProcessStatus | null {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === "") return null;
  // The name in parentheses may hold anything. After it come state (field 3), parent (4), session (6), start (22).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), session: Number(fields[3]), start: fields[19] ?? "" };
}

/** The processes from one up to its ancestor, both included; null when that is not its ancestor. */
export function lineage(pid: number, ancestor: number): number[] | null {
  const line = [pid];
  for (let at = pid; at !== ancestor; line.push(at)) {
    const parent = statusOf(at)?.parent ?? 0;
    // A process number that is reused during the walk could make a cycle.
    if (parent <= 1 || line.includes(parent)) return null;
    at = parent;
  }
  return line;
}
