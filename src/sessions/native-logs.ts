// The sessions that were active within a time range. A log is ruled out by its name, its modification time, its head
// and its end, in this order, without being parsed.
import { stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { mapParallel, nullIfUnreadable, readHeads } from "../agents/log-heads.ts";
import type { DamagedLog, LogSummary } from "../agents/log-reader.ts";
import { AGENTS, agentOf, readerOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { instantOf } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { findLog } from "./log-file.ts";
import { lastTimestamp } from "./read.ts";

/** The log of a session, known by its head and its end. */
export interface NativeLog extends LogSummary {
  /** The time of its last record; null if the log has no times. */
  lastAt: string | null;
  /** Its size on disk in bytes. */
  size: number;
}

export interface LogQuery {
  tools: readonly Tool[];
  /** Both in milliseconds since the epoch. */
  since: number;
  until: number;
  env: Environment;
  home: string;
}

export interface FoundLogs {
  /** One log for each session, most recently active first. */
  logs: NativeLog[];
  /** The number of log files. */
  considered: number;
  /** Logs whose sessions are not known because they are damaged. */
  damaged: DamagedLog[];
}

/** The maximum difference between the clock of a log's times and the clock of its file system. */
const SLACK_MS = 60_000;

/** Finds the sessions that were active within a time range, archived and compressed ones too, without subagents. */
export async function findNativeLogs(query: LogQuery): Promise<FoundLogs> {
  const all = await Promise.all(query.tools.map((tool) => findOf(tool, query)));
  return {
    logs: onePerSession(all.flatMap(({ logs }) => logs)),
    considered: all.reduce((sum, { considered }) => sum + considered, 0),
    damaged: all.flatMap(({ damaged }) => damaged).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

async function findOf(tool: Tool, query: LogQuery): Promise<FoundLogs> {
  const { since, until, env, home } = query;
  const reader = await readerOf(tool);
  const paths = await reader.listLogs(agentOf(tool).homeOf(env, home));
  const recent = await mapParallel(
    paths.filter((path) => (reader.earliestStart(path) ?? 0) <= until),
    async (path) => {
      const stats = await nullIfUnreadable(() => stat(path));
      return stats === null || stats.mtimeMs < since - SLACK_MS ? [] : [path];
    },
  );
  const damaged: DamagedLog[] = [];
  const heads = (await readHeads(reader, recent.flat(), (log) => damaged.push(log))).filter(({ head }) => {
    return head.parent === null && (instantOf(head.startedAt) ?? 0) <= until;
  });
  const logs = await mapParallel(heads, async (known) => {
    const log = await measure(known);
    return log === null || (instantOf(log.lastAt) ?? since) < since ? [] : [log];
  });
  return { logs: logs.flat(), considered: paths.length, damaged };
}

/** The session of one log. */
export async function readNativeLog(path: string): Promise<NativeLog> {
  const found = await findLog(path);
  const { head } = found;
  if (head.parent) {
    throw new ExpectedError(`\`${path}\` is the log of a subagent of session ${head.parent}`, {
      hint: "name the log of that session",
    });
  }
  const log = await measure({ path: found.path, head });
  if (log === null) throw new ExpectedError(`\`${path}\` cannot be read`);
  return log;
}

/** Null if the log was removed. */
async function measure(known: LogSummary): Promise<NativeLog | null> {
  const { path, head } = known;
  const stats = await nullIfUnreadable(() => stat(path));
  return stats === null ? null : { ...known, lastAt: await lastTimestamp(head.tool, path), size: stats.size };
}

/** The time of its last record, in milliseconds since the epoch; 0 if the log has no times. */
export function lastActiveAt({ lastAt, head }: NativeLog): number {
  return instantOf(lastAt) ?? instantOf(head.startedAt) ?? 0;
}

/** Of several logs of one session (compressed, archived) only the most recent one is in use. */
function onePerSession(logs: readonly NativeLog[]): NativeLog[] {
  const ids = new Set<string>();
  const sorted = logs.toSorted((a, b) => lastActiveAt(b) - lastActiveAt(a) || (a.path < b.path ? 1 : -1));
  return sorted.filter(({ head: { tool, sessionId } }) => {
    const key = `${tool} ${sessionId}`;
    return !ids.has(key) && ids.add(key);
  });
}

/** Whether a file belongs to a tool itself: changes to it are not work on a project. */
export function toolFilesFilter(env: Environment, home: string): (path: string) => boolean {
  const folders = AGENTS.map((agent) => agent.homeOf(env, home));
  return (path) => folders.some((folder) => path === folder || path.startsWith(join(folder, sep)));
}

/** Whether positions in a log can be compared with its size: in a compressed log they count uncompressed bytes. */
export function hasComparableSize({ path }: NativeLog): boolean {
  return !isCompressed(path);
}
