// Where Claude Code keeps its logs: `$CLAUDE_CONFIG_DIR/projects/<encoded directory>/<session id>.jsonl`. The encoding is
// not documented and cannot be reversed, so every project folder is searched.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { readableNames } from "../../system/directory.ts";
import { isSessionId } from "../session-id.ts";

/** The folder that holds Claude Code's configuration and logs. */
export function claudeHome(env: Record<string, string | undefined>, home: string): string {
  return env.CLAUDE_CONFIG_DIR || join(home, ".claude");
}

/** The log of a session; null when there is none. */
export function findClaudeLog(claudeHome: string, sessionId: string): string | null {
  if (!isSessionId(sessionId)) return null;
  const paths = projectFolders(claudeHome).map((folder) => join(folder, `${sessionId.toLowerCase()}.jsonl`));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Every session log, sorted. Logs of subagents are in subfolders; older versions put them here under other names. */
export function listClaudeLogs(claudeHome: string): string[] {
  const paths = projectFolders(claudeHome).flatMap(pathsIn);
  return paths.filter((path) => path.endsWith(".jsonl") && isSessionId(sessionIdOfLog(path))).sort();
}

/** The session id in a log's file name. */
export function sessionIdOfLog(path: string): string {
  return basename(path).replace(/\.jsonl(?:\.zst)?$/, "");
}

function projectFolders(claudeHome: string): string[] {
  return pathsIn(join(claudeHome, "projects"));
}

function pathsIn(folder: string): string[] {
  return (readableNames(folder) ?? []).map((name) => join(folder, name));
}
