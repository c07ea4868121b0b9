// Who else was at work in a repository while a run lasted, as far as runs are recorded.
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { TOOLS } from "../agents/tools.ts";
import { listPending, type PendingFile } from "../runs/pending.ts";
import { listSessionDirectories } from "../runs/session-directory.ts";

/** Counts the runs that are unfinished now, and the sessions that were exported since this run began. */
export function countOverlapping({ path, run }: PendingFile): number {
  const unfinished = listPending(dirname(path), run.root).filter((other) => other.path !== path);
  const began = Date.parse(run.started_at);
  const exported = TOOLS.flatMap((tool) => listSessionDirectories(run.root, tool)).filter((directory) => {
    const books = statSync(join(directory, "export_runs.jsonl"), { throwIfNoEntry: false });
    return books !== undefined && books.mtimeMs >= began;
  });
  return unfinished.length + exported.length;
}
