// Where programs of a name are at work: proc(5). Other systems do not tell without a child process.
import { basename } from "node:path";
import { lineage, linkOf, processIds, textOf } from "./proc.ts";

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
  return processIds().flatMap((pid) => {
    // A program that was updated meanwhile goes on from a file that has no name any more.
    const file = linkOf(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "") ?? "";
    if (basename(file) !== name || lineage(pid, besides) !== null) return [];
    const folder = linkOf(`/proc/${pid}/cwd`);
    return folder === null ? [] : [{ folder, args: textOf(`/proc/${pid}/cmdline`).split("\0") }];
  });
}
