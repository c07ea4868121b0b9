// Where Claude Code keeps its logs: `$CLAUDE_CONFIG_DIR/projects/<encoded folder>/<session id>.jsonl`.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "../../system/errors.ts";

/** The log of a session; null when there is none. How a folder is encoded is Claude Code's affair: all are tried. */
export function findClaudeLog(env: Record<string, string | undefined>, home: string, sessionId: string): string | null {
  const projects = join(env.CLAUDE_CONFIG_DIR || join(home, ".claude"), "projects");
  try {
    const paths = readdirSync(projects).map((folder) => join(projects, folder, `${sessionId}.jsonl`));
    return paths.find((path) => existsSync(path)) ?? null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return null;
    throw error;
  }
}
