// The sessions of a repository that can be resumed: native logs, joined with session directories and changelogs.
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mapParallel } from "../agents/log-heads.ts";
import type { LogSummary, PromptCount } from "../agents/log-reader.ts";
import { threadOf } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import { filesBySession } from "../changelog/project-entries.ts";
import { instantOf } from "../events/timestamps.ts";
import { labelFromPrompt } from "../runs/label.ts";
import { FolderMatcher, worktreesOf } from "../sessions/folder-match.ts";
import { lastActivity, readFirstPrompt, readPromptCount, readResumable } from "../sessions/resumable.ts";
import { isCompressed } from "../system/chunks.ts";
import { hasCode } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";
import { readExportedSessions } from "./exported-sessions.ts";

/** A listed session. Null means unknown, or too slow to count. */
export interface ListedSession {
  id: string;
  /** Its own label, or the first words of its first prompt, without secrets. */
  label: string | null;
  startedAt: string | null;
  lastAt: string | null;
  prompts: number | null;
  /** The files of its entries, relative to the repository. */
  files: string[] | null;
  sessionDir: string | null;
  /** The worktree it belongs to, and the folder it started in. */
  worktree: string;
  cwd: string;
  log: string;
}

export interface ListOptions {
  tool: Tool;
  root: string;
  env: Environment;
  home: string;
  /** Whether to list only the newest one. */
  latest?: boolean;
}

/** Prompts are counted only in the newest sessions: at most this many sessions, and at most this many bytes of logs. */
const MAX_COUNTED = 50;
const MAX_COUNTED_BYTES = 128 * 1024 * 1024;
/** How much larger a compressed log is assumed to be when decompressed. */
const DECOMPRESSION_RATIO = 10;

interface Found extends LogSummary {
  worktree: string;
  cwd: string;
  lastAt: string | null;
}

/** Lists the sessions of a repository and its worktrees, latest first. */
export async function listSessions({ tool, root, env, home, latest = false }: ListOptions): Promise<ListedSession[]> {
  const worktrees = await worktreesOf(root);
  const all = newestFirst(await findIn(worktrees, tool, await readResumable(tool, env, home)));
  const found = latest ? all.slice(0, 1) : all;
  const prompts = await countPrompts(found);
  const used = [...new Set(found.map(({ worktree }) => worktree))];
  const exported = new Map(used.map((worktree) => [worktree, readExportedSessions(worktree, tool)]));
  const files = used.map((worktree) => filesBySession(worktree, tool));
  return await mapParallel(found, async (session) => {
    const { path, head, worktree, cwd, lastAt } = session;
    const { directory = null, label = null } = exported.get(worktree)?.get(head.sessionId) ?? {};
    return {
      id: threadOf(head),
      label: label ?? (await labelFromFirstPrompt(session, prompts.get(session))),
      startedAt: head.startedAt,
      lastAt,
      prompts: prompts.get(session)?.prompts ?? null,
      files: union(files, head.sessionId),
      sessionDir: directory,
      worktree,
      cwd,
      log: path,
    };
  });
}

async function labelFromFirstPrompt({ path, head }: Found, count: PromptCount | undefined): Promise<string | null> {
  const prompt = count === undefined ? await readFirstPrompt(path, head) : count.first;
  return prompt === null ? null : labelFromPrompt(prompt);
}

/** The logs of sessions that started in one of the worktrees, with the time of their last activity. */
async function findIn(worktrees: readonly string[], tool: Tool, logs: readonly LogSummary[]): Promise<Found[]> {
  const matcher = new FolderMatcher();
  const roots = new Set(await Promise.all(worktrees.map((root) => matcher.real(root))));
  const found = await mapParallel(logs, async (log) => {
    if (log.head.cwd === null) return [];
    const cwd = await matcher.real(log.head.cwd);
    const worktree = worktreeOf(cwd, roots);
    return worktree === null ? [] : [{ ...log, worktree, cwd, lastAt: await lastActivity(tool, log.path) }];
  });
  return found.flat();
}

/** The worktree that contains a folder; null if there is none, or if it is in another repository inside of one. */
function worktreeOf(folder: string, roots: ReadonlySet<string>): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (roots.has(at)) return at;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return null;
  }
}

/** One log per session: a reverted session starts a new log, and only the newest can be resumed. */
function newestFirst(found: readonly Found[]): Found[] {
  const sorted = found.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? 1 : -1));
  const ids = new Set<string>();
  return sorted.filter(({ head }) => !ids.has(threadOf(head)) && ids.add(threadOf(head)));
}

function timeOf({ lastAt, head }: Found): number {
  return instantOf(lastAt) ?? instantOf(head.startedAt) ?? 0;
}

/** The prompts of the first of these sessions, within the limits above. */
export async function countPrompts<Log extends LogSummary>(sessions: readonly Log[]): Promise<Map<Log, PromptCount>> {
  const counted = new Map<Log, PromptCount>();
  let bytesLeft = MAX_COUNTED_BYTES;
  for (const session of sessions.slice(0, MAX_COUNTED)) {
    const size = await sizeOf(session.path);
    if (size > bytesLeft) continue;
    bytesLeft -= size;
    const count = await readPromptCount(session.path, session.head);
    if (count !== null) counted.set(session, count);
  }
  return counted;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size * (isCompressed(path) ? DECOMPRESSION_RATIO : 1);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** The files of a session's entries in every worktree; null if it has no entries. */
function union(sources: readonly Map<string, Set<string>>[], id: string): string[] | null {
  const sets = sources.flatMap((source) => source.get(id) ?? []);
  return sets.length === 0 ? null : [...new Set(sets.flatMap((set) => [...set]))].sort();
}
