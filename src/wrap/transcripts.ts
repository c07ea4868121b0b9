// The transcripts of a project: one for each session that was exported, of every tool, the one worked on last first.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { TOOLS, type Tool } from "../sessions/events.ts";
import { instantOf } from "../sessions/instant.ts";
import { git } from "../system/git.ts";
import { type KnownSession, readKnownSessions } from "./known-sessions.ts";

export interface KnownTranscript extends KnownSession {
  id: string;
  tool: Tool;
  /** Its first page; null when it was never written. */
  indexHtml: string | null;
}

export function listTranscripts(root: string): KnownTranscript[] {
  const all = TOOLS.flatMap((tool) =>
    [...readKnownSessions(root, tool)].map(([id, session]) => ({ id, tool, ...session, ...pagesOf(session) })),
  );
  return all.sort((a, b) => timeOf(b) - timeOf(a) || (a.directory < b.directory ? 1 : -1));
}

/**
 * Whether git keeps a page, or anything in a folder: then it came with the repository, and may be anybody's. Pages of
 * ours are never committed. The repository's own configuration may say that its files are elsewhere.
 */
export async function isCommitted(root: string, path: string): Promise<boolean> {
  for (const place of [[], [`--work-tree=${root}`]]) {
    const { code } = await git(root, [...place, "ls-files", "--error-unmatch", "--", path]);
    if (code === 0) return true;
  }
  return false;
}

function pagesOf({ directory }: KnownSession): { indexHtml: string | null } {
  const path = join(directory, "index.html");
  return { indexHtml: existsSync(path) ? path : null };
}

function timeOf({ lastAt, startedAt }: KnownSession): number {
  return instantOf(lastAt) ?? instantOf(startedAt) ?? 0;
}
