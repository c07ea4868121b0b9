// Which process started which: proc(5). Other systems do not tell without a child process.
import { textOf } from "./proc.ts";

/** What a process is known by: who started it, its session, and when, in clock ticks since boot as the system writes it. */
export interface ProcessStatus {
  parent: number;
  session: number;
  start: string;
}

/** The status of a process; null when it is gone, or the system does not tell. */
export function statusOf(pid: number): ProcessStatus | null {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === "") return null;
  // The name in parentheses may hold anything; the parent is field 4, the session field 6, the start field 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), session: Number(fields[3]), start: fields[19] ?? "" };
}

/** The processes from one up to its ancestor, both included; null when it is none of that one's. */
export function lineage(pid: number, ancestor: number): number[] | null {
  const line = [pid];
  for (let at = pid; at !== ancestor; line.push(at)) {
    const parent = statusOf(at)?.parent ?? 0;
    // Also where a process number is used again while we look.
    if (parent <= 1 || line.includes(parent)) return null;
    at = parent;
  }
  return line;
}
