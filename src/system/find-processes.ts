// Finds running processes by a variable of their environment or by the program they run. Linux only, through proc(5).
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./errors.ts";
import { lineage, processIds, readLink, readText } from "./proc.ts";

/** How long processes may take to exit after a signal, and how often that is checked. */
const GRACE_MS = 2_000;
const POLL_MS = 20;

/**
 * Whether this user has a running process whose environment contains `variable=value`, which child processes inherit.
 * Null except on Linux.
 */
export function hasProcessWith(variable: string, value: string): boolean | null {
  return process.platform === "linux" ? processesWith(variable, value).length > 0 : null;
}

/**
 * Ends the processes whose environment contains `variable=value`: first with SIGTERM, then with SIGKILL. Does nothing
 * except on Linux.
 */
export async function endProcessesWith(variable: string, value: string): Promise<void> {
  if (process.platform !== "linux") return;
  const ended = async (signal: NodeJS.Signals): Promise<boolean> => {
    for (const pid of processesWith(variable, value)) send(pid, signal);
    for (let waited = 0; waited < GRACE_MS; waited += POLL_MS) {
      if (processesWith(variable, value).length === 0) return true;
      await sleep(POLL_MS);
    }
    return false;
  };
  if (!(await ended("SIGTERM"))) await ended("SIGKILL");
}

function processesWith(variable: string, value: string): number[] {
  const mark = `\0${variable}=${value}\0`;
  // The kernel ends each variable with a NUL.
  return processIds().filter((pid) => `\0${readText(`/proc/${pid}/environ`, "latin1")}`.includes(mark));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}

export interface RunningProgram {
  cwd: string;
  /** Its arguments, starting with the program's own name. */
  args: string[];
}

/**
 * The visible processes whose executable has this file name, without the process `except` and its descendants. Null
 * except on Linux.
 */
export function findPrograms(name: string, except: number): RunningProgram[] | null {
  if (process.platform !== "linux") return null;
  return processIds().flatMap((pid) => {
    // The kernel adds this to the path of an executable that an update replaced while it runs.
    const file = readLink(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "") ?? "";
    if (basename(file) !== name || lineage(pid, except) !== null) return [];
    const cwd = readLink(`/proc/${pid}/cwd`);
    return cwd === null ? [] : [{ cwd, args: readText(`/proc/${pid}/cmdline`).split("\0") }];
  });
}
