// Processes found again by a variable that they, or who started them, were given: proc(5).
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./errors.ts";
import { processIds, textOf } from "./proc.ts";

/** How long those who were asked to end may take, and how often it is looked whether they did. */
const GRACE_MS = 2_000;
const GLANCE_MS = 20;

/** Whether a living process of this user was started with a variable of that value; null where the system does not tell. */
export function isMarkAlive(variable: string, value: string): boolean | null {
  return process.platform === "linux" ? markedProcesses(variable, value).length > 0 : null;
}

/** Asks them to end, and insists after a while. Where the system does not tell of them they are left alone. */
export async function endMarked(variable: string, value: string): Promise<void> {
  if (process.platform !== "linux") return;
  const isOver = async (signal: NodeJS.Signals): Promise<boolean> => {
    for (const pid of markedProcesses(variable, value)) send(pid, signal);
    for (let waited = 0; waited < GRACE_MS; waited += GLANCE_MS) {
      if (markedProcesses(variable, value).length === 0) return true;
      await sleep(GLANCE_MS);
    }
    return false;
  };
  if (!(await isOver("SIGTERM"))) await isOver("SIGKILL");
}

function markedProcesses(variable: string, value: string): number[] {
  const mark = `\0${variable}=${value}\0`;
  // Variables as the kernel keeps them, each with a NUL behind it.
  return processIds().filter((pid) => `\0${textOf(`/proc/${pid}/environ`, "latin1")}`.includes(mark));
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!hasCode(error, "ESRCH", "EPERM")) throw error;
  }
}
