// Types and functions that the agents share to bind a run to the logs it wrote.
import { stat } from "node:fs/promises";
import { ExpectedError, hasCode } from "../system/errors.ts";
import type { Tool } from "./tool.ts";

/**
 * How a run was bound to its log without guessing: it resumed that session, its id was chosen beforehand, the tool held
 * the log open, the tool's record of its own process named the session, or the log is the only new one.
 */
export const BOUND_RULES = ["resumed", "session-id", "open-file", "process-record", "new-file"] as const;
export type BoundRule = (typeof BOUND_RULES)[number];

/** A log that is known to belong to the run. */
export interface BoundLog {
  path: string;
  rule: BoundRule;
}

/** The part of a pending run that binding reads. The keys are spelled as in `pending.json`. */
export interface BindableRun {
  tool: Tool;
  /** The project's root folder, and the folder the tool works in. */
  root: string;
  cwd: string;
  started_at: string;
  /** Null while the tool runs. It stays null if `ctx` was killed before the tool ended. */
  ended_at: string | null;
  /** The session that was resumed; its id is null where the tool chose the session. */
  resume: { id: string | null } | null;
  /** The id we chose for a new session. */
  session_id: string | null;
  /** The logs that the tool was seen to write. */
  logs: string[];
  /** True if no other process of the tool worked in the project, and the tool itself was not seen to write a log. */
  alone: boolean;
  /** The sessions that the tool itself named as its own, for a tool that does not hold its log open. */
  sessions: string[];
  /**
   * The logs the run was bound to first. Later attempts use the same logs: files that the first attempt wrote would
   * mislead them.
   */
  bound: BoundLog[] | null;
}

export interface BindContext {
  /** The tool's home folder. */
  home: string;
  /** The other unfinished runs. */
  others: readonly BindableRun[];
  /** Whether a session of the run's tool already has a session directory in the project. */
  hasSessionDirectory(sessionId: string): boolean;
  /** The worktrees of the project's repository. */
  worktrees(): Promise<string[]>;
  /** The log that fits the run's folder and times best. */
  locate(): Promise<string>;
}

/** The logs that are known to belong to a run. */
export function logsOf({ logs, bound }: BindableRun): string[] {
  return [...logs, ...(bound ?? []).map(({ path }) => path)];
}

/** The files that were modified after a run started. */
export async function modifiedSince({ started_at }: BindableRun, paths: readonly string[]): Promise<string[]> {
  const start = Date.parse(started_at);
  const modified: string[] = [];
  for (const path of paths) if ((await modificationTime(path)) >= start) modified.push(path);
  return modified;
}

async function modificationTime(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return 0;
    throw error;
  }
}

export function isDuringRun({ started_at, ended_at }: BindableRun, time: string): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(started_at) && (ended_at === null || at <= Date.parse(ended_at));
}

/** The error for several sessions that match the run: a wrong entry is worse than none. */
export function ambiguous(tool: Tool, ids: readonly string[]): ExpectedError {
  return new ExpectedError(`the run may belong to session ${ids.join(" or ")}: several were active in its folder`, {
    hint: `export the right one: \`ctx export-latest --tool ${tool} --session-id ${ids[0]}\``,
  });
}
