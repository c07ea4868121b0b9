// Where programs of a name are at work: proc(5). Other systems do not tell without a child process.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { hasCode } from "./errors.ts";
import { lineage } from "./process-tree.ts";

export interface ProgramAtWork {
  folder: string;
  /** Its arguments, the program's own name first. */
  args: string[];
}

/**
 * The processes that run a program of that file name, those below one process aside, as far as we may see; null where
 * the system does not tell.
 */
export function programsAtWork(name: string, besides: number): ProgramAtWork[] | null {
  if (process.platform !== "linux") return null;
  return readdirSync("/proc").flatMap((entry) => {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) return [];
    // A program that was updated meanwhile goes on from a file that has no name any more.
    const file = told(() => readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "");
    if (basename(file) !== name) return [];
    if (lineage(pid, besides) !== null) return [];
    const folder = told(() => readlinkSync(`/proc/${pid}/cwd`));
    const args = told(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")).split("\0");
    return folder === "" ? [] : [{ folder, args }];
  });
}

/** Processes vanish while we look, and those of other users are none of ours. */
function told(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return "";
    throw error;
  }
}
