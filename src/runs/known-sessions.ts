// What the session directories of a project know of their sessions, read once for all of them.

import type { Tool } from "../agents/tool.ts";
import { earlier, later } from "../events/timestamps.ts";
import { insideRoot } from "../system/paths.ts";
import { readExportRecords, type StoredExportRecord } from "./export-records.ts";
import { listSessionDirectories } from "./session-directory.ts";

export interface ExportedSession {
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
export function readExportedSessions(root: string, tool: Tool): Map<string, ExportedSession> {
  const found = new Map<string, ExportedSession & { at: number }>();
  for (const directory of listSessionDirectories(root, tool)) {
    if (!insideRoot(root, directory)) continue;
    for (const [id, runs] of bySession(readExportRecords(directory).runs)) {
      const at = Math.max(...runs.map(({ created_at }) => Date.parse(created_at ?? "") || 0));
      const other = found.get(id);
      if (other !== undefined && (at < other.at || (at === other.at && directory < other.directory))) continue;
      const label = runs.findLast((run) => run.label !== null)?.label?.trim() || null;
      found.set(id, { directory, label, ...spanOf(runs), at });
    }
  }
  return found;
}

function spanOf(runs: readonly StoredExportRecord[]): Pick<ExportedSession, "startedAt" | "lastAt" | "runsAt"> {
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

function bySession(runs: readonly StoredExportRecord[]): Map<string, StoredExportRecord[]> {
  const sessions = new Map<string, StoredExportRecord[]>();
  for (const run of runs) {
    if (run.session_id === null) continue;
    const of = sessions.get(run.session_id) ?? [];
    of.push(run);
    sessions.set(run.session_id, of);
  }
  return sessions;
}
