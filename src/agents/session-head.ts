import type { Tool } from "./tool.ts";

/** What the first records of a session's log say about it. */
export interface SessionHead {
  tool: Tool;
  /** Unique for each log. */
  sessionId: string;
  /** The id by which the tool resumes the session, if it differs from the session's id: see `threadOf`. */
  thread?: string;
  /** The program that started the session, in the tool's words (`codex-tui`); absent where the log does not say. */
  originator?: string;
  /** The version of the tool that started the log. */
  version: string | null;
  startedAt: string | null;
  /** The working directory at the start, as the log has it. */
  cwd: string | null;
  git: { commit: string | null; branch: string | null; repositoryUrl: string | null };
  /** The session this one was forked from. */
  forkedFrom: string | null;
  /** The session this one is a subagent of. */
  parent: string | null;
}

/**
 * The id by which the tool knows a session. When a person goes back in a conversation, Codex (0.169) continues in
 * another log, which contains the id of the first log and has an id of its own in its name.
 */
export function threadOf({ thread, sessionId }: SessionHead): string {
  return thread ?? sessionId;
}
