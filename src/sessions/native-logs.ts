// Every session of a tool that was worked on within some time. What lies outside of it is ruled out by the name of its
// log, by when that was written last, by its head and its end, in this order: nothing is parsed for it.
import { stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { claudeHome, listClaudeLogs } from "../agents/claude/paths.ts";
import { codexHome, listRollouts, startInName } from "../agents/codex/paths.ts";
import { type LogSummary, lastTimestamp, mapParallel, nullIfUnreadable, readHeads } from "../agents/log-heads.ts";
import type { Tool } from "../agents/tools.ts";
import { instantOf } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { detectHead, findLog } from "./log-file.ts";

/** The log of a session, by its edges. */
export interface NativeLog extends LogSummary {
  /** When its last record was written; null where that is not told. */
  lastAt: string | null;
  /** Its bytes; of a packed log, those on disk. */
  size: number;
}

export interface LogQuery {
  tools: readonly Tool[];
  /** Milliseconds since the epoch, both. */
  since: number;
  until: number;
  env: Environment;
  home: string;
}

export interface FoundLogs {
  /** One for each session, the one worked on last first. */
  logs: NativeLog[];
  /** How many files there are. */
  considered: number;
}

/** Names tell local time: of a zone nobody knows. */
const ZONES_MS = 26 * 60 * 60 * 1000;
/** Clocks of a log and of its file system differ by no more. */
const SLACK_MS = 60_000;

/** Finds the sessions that were worked on within a time, archived and packed ones too. Subagents have none. */
export async function findNativeLogs(query: LogQuery): Promise<FoundLogs> {
  const all = await Promise.all(query.tools.map((tool) => findOf(tool, query)));
  return {
    logs: onePerSession(all.flatMap(({ logs }) => logs)),
    considered: all.reduce((sum, { considered }) => sum + considered, 0),
  };
}

async function findOf(tool: Tool, query: LogQuery): Promise<FoundLogs> {
  const { since, until, env, home } = query;
  const paths = tool === "claude" ? listClaudeLogs(claudeHome(env, home)) : await listRollouts(codexHome(env, home));
  const mayStart = (path: string) => tool === "claude" || (startInName(path) ?? 0) <= until + ZONES_MS;
  const recent = await mapParallel(paths.filter(mayStart), async (path) => {
    const stats = await nullIfUnreadable(() => stat(path));
    return stats === null || stats.mtimeMs < since - SLACK_MS ? [] : [path];
  });
  const heads = (await readHeads(tool, recent.flat())).filter(({ head }) => {
    return head.parent === null && (instantOf(head.startedAt) ?? 0) <= until;
  });
  const logs = await mapParallel(heads, async (known) => {
    const log = await measure(known);
    return log === null || (instantOf(log.lastAt) ?? since) < since ? [] : [log];
  });
  return { logs: logs.flat(), considered: paths.length };
}

/** The session of one log, whenever it was worked on. */
export async function readNativeLog(path: string): Promise<NativeLog> {
  const found = await findLog(path);
  const head = await detectHead(found.path);
  if (head?.parent) {
    throw new ExpectedError(`\`${path}\` is the log of a subagent: what it did belongs to session ${head.parent}`, {
      hint: "name the log of that session",
    });
  }
  const log = head === null ? null : await measure({ path: found.path, head });
  if (log === null) throw new ExpectedError(`\`${path}\` cannot be read`);
  return log;
}

/** Null when it is gone by now. */
async function measure(known: LogSummary): Promise<NativeLog | null> {
  const { path, head } = known;
  const stats = await nullIfUnreadable(() => stat(path));
  return stats === null ? null : { ...known, lastAt: await lastTimestamp(head.tool, path), size: stats.size };
}

/** When it was worked on last, in milliseconds since the epoch, as far as its log tells. */
export function lastActiveAt({ lastAt, head }: NativeLog): number {
  return instantOf(lastAt) ?? instantOf(head.startedAt) ?? 0;
}

/** Of several logs of one session (packed and plain, archived) only the last one goes on. */
function onePerSession(logs: readonly NativeLog[]): NativeLog[] {
  const ids = new Set<string>();
  const sorted = logs.toSorted((a, b) => lastActiveAt(b) - lastActiveAt(a) || (a.path < b.path ? 1 : -1));
  return sorted.filter(({ head: { tool, sessionId } }) => {
    const key = `${tool} ${sessionId}`;
    return !ids.has(key) && ids.add(key);
  });
}

/** Whether a tool keeps a file among its own: what is written there is no work on a project. */
export function toolFilesFilter(env: Environment, home: string): (path: string) => boolean {
  const folders = [codexHome(env, home), claudeHome(env, home)];
  return (path) => folders.some((folder) => path === folder || path.startsWith(join(folder, sep)));
}

/** Whether positions in a log may be held against its size: those of a packed one count what it unpacks to. */
export function hasComparableSize({ path }: NativeLog): boolean {
  return !isCompressed(path);
}
