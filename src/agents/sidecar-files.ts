// What lies apart from a session's log, and belongs to it.
import { basename, dirname, join } from "node:path";
import { listSubagentLogs, sidecarFiles } from "./claude/sidecar-files.ts";
import { findSubagentLogs, SUBAGENTS } from "./codex/subagent-logs.ts";
import type { SessionHead } from "./session-head.ts";

/** A file that a log is not whole without. */
export interface SidecarFile {
  path: string;
  /** Where it belongs, relative to the folder of a copy of the log. */
  place: string;
}

export async function sidecarFilesOf(log: string, head: SessionHead): Promise<SidecarFile[]> {
  if (head.tool === "claude") {
    return sidecarFiles(log).map((place) => ({ path: join(dirname(log), place), place }));
  }
  const logs = await subagentLogsOf(log, head);
  return logs.map((path) => ({ path, place: join(SUBAGENTS, basename(path)) }));
}

/** The logs of a session's subagents. */
export async function subagentLogsOf(log: string, head: SessionHead): Promise<string[]> {
  const logs = head.tool === "claude" ? listSubagentLogs(log) : await findSubagentLogs(log, head);
  return logs.map(({ path }) => path);
}
