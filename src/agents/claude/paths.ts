// Where Claude Code keeps its logs: `$CLAUDE_CONFIG_DIR/projects/<encoded folder>/<session id>.jsonl`. How a folder is
// encoded is Claude Code's affair, and nothing can be decoded from it: all are looked into.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { isSessionId } from "../session-id.ts";

/** The folder of Claude Code's own files. */
export function claudeHome(env: Record<string, string | undefined>, home: string): string {
  return env.CLAUDE_CONFIG_DIR || join(home, ".claude");
}

/** The log of a session; null when there is none. */
export function findClaudeLog(claudeHome: string, sessionId: string): string | null {
  if (!isSessionId(sessionId)) return null;
  const paths = projectFolders(claudeHome).map((folder) => join(folder, `${sessionId.toLowerCase()}.jsonl`));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Every log, sorted. Those of subagents lie deeper, and older versions put them beside under other names. */
export function listClaudeLogs(claudeHome: string): string[] {
  const paths = projectFolders(claudeHome).flatMap(pathsIn);
  return paths.filter((path) => path.endsWith(".jsonl") && isSessionId(sessionIdOfLog(path))).sort();
}

/** The session a log is named after. */
export function sessionIdOfLog(path: string): string {
  return basename(path).replace(/\.jsonl(?:\.zst)?$/, "");
}

function projectFolders(claudeHome: string): string[] {
  return pathsIn(join(claudeHome, "projects"));
}

function pathsIn(folder: string): string[] {
  return (readableNames(folder) ?? []).map((name) => join(folder, name));
}
