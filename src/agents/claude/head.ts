// What a session file says of itself. Its name is the session's id; the folder the session began in is the first one
// told, for a `cd` changes what later lines tell.

import { textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { isSessionId } from "../session-id.ts";
import { type ClaudeLine, parseClaudeLine } from "./record.ts";

/**
 * Reads the head from the first lines of a file; null when none of them tells a folder, or they tell of another session
 * than its name. `named` is null for a file that somebody gave another name.
 */
export function readClaudeHead(named: string | null, records: readonly Uint8Array[]): SessionHead | null {
  const lines = records.map(parseClaudeLine).filter((line) => line !== null);
  const first = lines.find(({ fields }) => textField(fields, "cwd") !== null);
  const sessionId = textField(first?.fields ?? {}, "sessionId")?.toLowerCase();
  if (first === undefined || sessionId === undefined || sessionId !== (named ?? sessionId)) return null;
  // A subagent's log belongs to the session that began it.
  if (named === null && (first.fields.isSidechain === true || !isSessionId(sessionId))) return null;
  const forkedFrom = lines.map((line) => copiedFrom(line, sessionId)).find((id) => id !== null) ?? null;
  return {
    tool: "claude",
    sessionId,
    version: textField(first.fields, "version"),
    // A fork begins with lines of its parent, which keep their times.
    startedAt: forkedFrom === null ? (lines.find(({ at }) => at !== null)?.at ?? null) : null,
    cwd: textField(first.fields, "cwd"),
    git: { commit: null, branch: textField(first.fields, "gitBranch"), repositoryUrl: null },
    forkedFrom,
    parent: null,
  };
}

/** The session an answer was copied from; null for the session's own. */
export function copiedFrom({ type, fields }: ClaudeLine, sessionId: string): string | null {
  const origin = type === "assistant" ? textField(fields, "requestSessionId") : null;
  return origin === sessionId ? null : origin;
}
