// The exported sessions of a project, as their session directories describe them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { earlier, instantOf, later } from "../events/timestamps.ts";
import { lastLabel, readExportRecords, type StoredExportRecord } from "../runs/export-records.ts";
import { listSessionDirectories } from "../runs/session-directory.ts";
import { insideRoot } from "../system/paths.ts";

export interface ExportedSession {
  directory: string;
  /** Null if the session was never labeled. */
  label: string | null;
  /** The start of its first run and the end of its last. */
  startedAt: string | null;
  lastAt: string | null;
  /** The start of each of its runs. */
  runsAt: string[];
}

export interface ExportedTranscript extends ExportedSession {
  id: string;
  tool: Tool;
  /** Its first page; null if it was never written. */
  indexHtml: string | null;
}

/** The transcripts of a project, of every tool, latest first. */
export function listTranscripts(root: string): ExportedTranscript[] {
  const all = TOOLS.flatMap((tool) =>
    [...readExportedSessions(root, tool)].map(([id, session]) => {
      const page = join(session.directory, "index.html");
      return { id, tool, ...session, indexHtml: existsSync(page) ? page : null };
    }),
  );
  return all.sort((a, b) => timeOf(b) - timeOf(a) || (a.directory < b.directory ? 1 : -1));
}

function timeOf({ lastAt, startedAt }: ExportedSession): number {
  return instantOf(lastAt) ?? instantOf(startedAt) ?? 0;
}

/** The exported sessions by id, each with the directory that `findSessionDirectory` returns. */
export function readExportedSessions(root: string, tool: Tool): Map<string, ExportedSession> {
  const found = new Map<string, ExportedSession & { exportedAt: number }>();
  for (const directory of listSessionDirectories(root, tool)) {
    if (!insideRoot(root, directory)) continue;
    for (const [id, records] of bySession(readExportRecords(directory).records)) {
      const exportedAt = Math.max(...records.map(({ created_at }) => Date.parse(created_at ?? "") || 0));
      const other = found.get(id);
      if (other !== undefined) {
        const { exportedAt: otherAt } = other;
        if (exportedAt < otherAt || (exportedAt === otherAt && directory < other.directory)) continue;
      }
      const label = lastLabel(records)?.trim() || null;
      found.set(id, { directory, label, ...timesOf(records), exportedAt });
    }
  }
  return found;
}

function timesOf(records: readonly StoredExportRecord[]): Pick<ExportedSession, "startedAt" | "lastAt" | "runsAt"> {
  const runsAt = new Map<string | null, string>();
  let startedAt: string | null = null;
  let lastAt: string | null = null;
  for (const { run_id, first_at, last_at, start, end } of records) {
    const began = first_at ?? start;
    if (began !== null) runsAt.set(run_id, began);
    startedAt = earlier(startedAt, began);
    lastAt = later(lastAt, last_at ?? end);
  }
  return { startedAt, lastAt, runsAt: [...runsAt.values()] };
}

function bySession(records: readonly StoredExportRecord[]): Map<string, StoredExportRecord[]> {
  return Map.groupBy(
    records.filter(({ session_id: id }) => id !== null),
    ({ session_id: id }) => id ?? "",
  );
}
