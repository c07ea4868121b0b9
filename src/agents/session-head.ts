// What a session log says of itself.
import type { Tool } from "./tools.ts";

/** What a log says of itself, from its first records. */
export interface SessionHead {
  tool: Tool;
  /** Every log has one of its own. */
  sessionId: string;
  /** The id by which the tool goes on with it, where that is another: see `threadOf`. */
  thread?: string;
  /** The program that began it, as the tool calls it: `codex-tui` is a screen of Codex. Absent where it does not say. */
  originator?: string;
  /** Version of the tool that began the log. */
  version: string | null;
  startedAt: string | null;
  /** Working directory the session began in, as the log has it. */
  cwd: string | null;
  git: { commit: string | null; branch: string | null; repositoryUrl: string | null };
  /** The session this one was forked from. */
  forkedFrom: string | null;
  /** The session this one is a subagent of. */
  parent: string | null;
}

/**
 * The id a tool knows a session by. When a person goes back in a conversation, Codex (0.169) goes on in another log,
 * which has the id of the first one in it and one of its own in its name.
 */
export function threadOf({ thread, sessionId }: SessionHead): string {
  return thread ?? sessionId;
}
