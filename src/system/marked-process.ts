// Processes found again by a variable that they, or who started them, were given: proc(5).
import { readdirSync, readFileSync } from "node:fs";
import { hasCode } from "./errors.ts";

/** Whether a living process of this user was started with a variable of that value; null where the system does not tell. */
export function isMarkAlive(variable: string, value: string): boolean | null {
  if (process.platform !== "linux") return null;
  const mark = `\0${variable}=${value}\0`;
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.some((pid) => `\0${environmentOf(pid)}`.includes(mark));
}

/** Variables as the kernel keeps them, each with a NUL behind it; empty for those who are gone or somebody else's. */
function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return "";
    throw error;
  }
}
