// The transcripts of a project: one for each session that was exported, of every tool, the one worked on last first.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { instantOf } from "../events/timestamps.ts";
import { type ExportedSession, readExportedSessions } from "../runs/known-sessions.ts";

export interface ExportedTranscript extends ExportedSession {
  id: string;
  tool: Tool;
  /** Its first page; null when it was never written. */
  indexHtml: string | null;
}

export function listTranscripts(root: string): ExportedTranscript[] {
  const all = TOOLS.flatMap((tool) =>
    [...readExportedSessions(root, tool)].map(([id, session]) => ({ id, tool, ...session, ...pagesOf(session) })),
  );
  return all.sort((a, b) => timeOf(b) - timeOf(a) || (a.directory < b.directory ? 1 : -1));
}

function pagesOf({ directory }: ExportedSession): { indexHtml: string | null } {
  const path = join(directory, "index.html");
  return { indexHtml: existsSync(path) ? path : null };
}

function timeOf({ lastAt, startedAt }: ExportedSession): number {
  return instantOf(lastAt) ?? instantOf(startedAt) ?? 0;
}
