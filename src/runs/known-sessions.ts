// What the session directories of a project know of their sessions, read once for all of them.

import type { Tool } from "../agents/tools.ts";
import { earlier, later } from "../events/timestamps.ts";
import { insideRoot } from "../system/paths.ts";
import { readExportRuns, type StoredRun } from "./export-records.ts";
import { listSessionDirectories } from "./session-directory.ts";

export interface KnownSession {
  directory: string;
  /** Null for one that was named by nobody. */
  label: string | null;
  /** When the first of its runs began, and the last one ended. */
  startedAt: string | null;
  lastAt: string | null;
  /** When each of its runs began, once for each. */
  runsAt: string[];
}

/** The sessions that were exported, by id: each with the directory that `findSessionDirectory` finds. */
export function readKnownSessions(root: string, tool: Tool): Map<string, KnownSession> {
  const found = new Map<string, KnownSession & { at: number }>();
  for (const directory of listSessionDirectories(root, tool)) {
    if (!insideRoot(root, directory)) continue;
    for (const [id, runs] of bySession(readExportRuns(directory).runs)) {
      const at = Math.max(...runs.map(({ created_at }) => Date.parse(created_at ?? "") || 0));
      const other = found.get(id);
      if (other !== undefined && (at < other.at || (at === other.at && directory < other.directory))) continue;
      const label = runs.findLast((run) => run.label !== null)?.label?.trim() || null;
      found.set(id, { directory, label, ...spanOf(runs), at });
    }
  }
  return found;
}

function spanOf(runs: readonly StoredRun[]): Pick<KnownSession, "startedAt" | "lastAt" | "runsAt"> {
  const runsAt = new Map<string | null, string>();
  let startedAt: string | null = null;
  let lastAt: string | null = null;
  for (const { run_id, first_at, last_at, start, end } of runs) {
    const began = first_at ?? start;
    if (began !== null) runsAt.set(run_id, began);
    startedAt = earlier(startedAt, began);
    lastAt = later(lastAt, last_at ?? end);
  }
  return { startedAt, lastAt, runsAt: [...runsAt.values()] };
}

function bySession(runs: readonly StoredRun[]): Map<string, StoredRun[]> {
  const sessions = new Map<string, StoredRun[]>();
  for (const run of runs) {
    if (run.session_id === null) continue;
    const of = sessions.get(run.session_id) ?? [];
    of.push(run);
    sessions.set(run.session_id, of);
  }
  return sessions;
}
