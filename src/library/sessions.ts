// The sessions of a repository that a tool can go on with: its native logs, joined with what session directories and
// changelogs know of them.
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { mapParallel } from "../agents/log-heads.ts";
import type { LogSummary, PromptSummary } from "../agents/log-reader.ts";
import { threadOf } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import { filesBySession } from "../changelog/session-files.ts";
import { instantOf } from "../events/timestamps.ts";
import { readExportedSessions } from "../runs/known-sessions.ts";
import { labelFromPrompt } from "../runs/label.ts";
import { PathCache, worktreesOf } from "../sessions/path-cache.ts";
import { lastActivity, readFirstPrompt, readPromptSummary, readResumable } from "../sessions/resumable.ts";
import { isCompressed } from "../system/chunks.ts";
import { hasCode } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

/** A session as a list shows it. Null stands for what is not known, and for what would have taken too long to count. */
export interface ListedSession {
  id: string;
  /** The one it was given, else the first words of its first prompt, secrets taken out. */
  label: string | null;
  startedAt: string | null;
  lastAt: string | null;
  prompts: number | null;
  /** What its entries tell, relative to the repository. */
  files: string[] | null;
  sessionDir: string | null;
  /** The work tree it belongs to, and the folder it began in. */
  worktree: string;
  cwd: string;
  log: string;
}

export interface ListOptions {
  tool: Tool;
  root: string;
  env: Environment;
  home: string;
  /** The newest one is enough. */
  latest?: boolean;
}

/** So many of the newest sessions have their prompts counted, as long as their logs are together no longer than that. */
const COUNTED = 50;
const COUNTED_BYTES = 128 * 1024 * 1024;
/** How far a packed log may unpack. */
const PACKED = 10;

interface Found extends LogSummary {
  worktree: string;
  cwd: string;
  lastAt: string | null;
}

/** Lists the sessions of a repository and its work trees, the one worked on last first. */
export async function listSessions({ tool, root, env, home, latest = false }: ListOptions): Promise<ListedSession[]> {
  const worktrees = await worktreesOf(root);
  const all = newestFirst(await findIn(worktrees, tool, await readResumable(tool, env, home)));
  const found = latest ? all.slice(0, 1) : all;
  const asked = await countPrompts(found);
  const used = [...new Set(found.map(({ worktree }) => worktree))];
  const known = new Map(used.map((worktree) => [worktree, readExportedSessions(worktree, tool)]));
  const files = used.map((worktree) => filesBySession(worktree, tool));
  return await mapParallel(found, async (session) => {
    const { path, head, worktree, cwd, lastAt } = session;
    const { directory = null, label = null } = known.get(worktree)?.get(head.sessionId) ?? {};
    return {
      id: threadOf(head),
      label: label ?? (await labelFromFirstPrompt(session, asked.get(session))),
      startedAt: head.startedAt,
      lastAt,
      prompts: asked.get(session)?.prompts ?? null,
      files: union(files, head.sessionId),
      sessionDir: directory,
      worktree,
      cwd,
      log: path,
    };
  });
}

async function labelFromFirstPrompt({ path, head }: Found, asked: PromptSummary | undefined): Promise<string | null> {
  const prompt = asked === undefined ? await readFirstPrompt(path, head) : asked.first;
  return prompt === null ? null : labelFromPrompt(prompt);
}

/** The logs whose sessions began in one of the work trees, with the time of their last record. */
async function findIn(worktrees: readonly string[], tool: Tool, logs: readonly LogSummary[]): Promise<Found[]> {
  const places = new PathCache();
  const roots = new Set(await Promise.all(worktrees.map((root) => places.real(root))));
  const found = await mapParallel(logs, async (log) => {
    if (log.head.cwd === null) return [];
    const cwd = await places.real(log.head.cwd);
    const worktree = ownerOf(cwd, roots);
    return worktree === null ? [] : [{ ...log, worktree, cwd, lastAt: await lastActivity(tool, log.path) }];
  });
  return found.flat();
}

/** The work tree a folder lies in; null when it lies in none, or in another repository inside of one. */
function ownerOf(folder: string, roots: ReadonlySet<string>): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (roots.has(at)) return at;
    if (existsSync(join(at, ".git")) || dirname(at) === at) return null;
  }
}

/** Of several logs of one session (a reverted one is begun anew) only the last one goes on. */
function newestFirst(found: readonly Found[]): Found[] {
  const sorted = found.toSorted((a, b) => timeOf(b) - timeOf(a) || (a.path < b.path ? 1 : -1));
  const ids = new Set<string>();
  return sorted.filter(({ head }) => !ids.has(threadOf(head)) && ids.add(threadOf(head)));
}

function timeOf({ lastAt, head }: Found): number {
  return instantOf(lastAt) ?? instantOf(head.startedAt) ?? 0;
}

/** What was asked in the first of these, as far as that takes no time worth mentioning. */
export async function countPrompts<Log extends LogSummary>(sessions: readonly Log[]): Promise<Map<Log, PromptSummary>> {
  const counted = new Map<Log, PromptSummary>();
  let left = COUNTED_BYTES;
  for (const session of sessions.slice(0, COUNTED)) {
    const size = await sizeOf(session.path);
    if (size > left) continue;
    left -= size;
    const asked = await readPromptSummary(session.path, session.head);
    if (asked !== null) counted.set(session, asked);
  }
  return counted;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size * (isCompressed(path) ? PACKED : 1);
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** What the entries of every work tree tell of a session; null when it has none. */
function union(sources: readonly Map<string, Set<string>>[], id: string): string[] | null {
  const sets = sources.flatMap((source) => source.get(id) ?? []);
  return sets.length === 0 ? null : [...new Set(sets.flatMap((set) => [...set]))].sort();
}
