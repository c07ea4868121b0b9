// Where Codex keeps its logs: `$CODEX_HOME/sessions/YYYY/MM/DD/`, and flat in `$CODEX_HOME/archived_sessions/`.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "../../system/errors.ts";
import { isSessionId } from "../session-id.ts";

/**
 * Other programs write into the same folders: only these names are rollouts. Where a person went back in a thread, it
 * goes on in a log that has an id of its own behind that of the thread.
 */
const ROLLOUT =
  /^rollout-(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:_([\w-]+))?\.jsonl(?:\.zst)?$/i;
const SESSIONS = "sessions";
const ARCHIVE = "archived_sessions";
const FOLDERS = [SESSIONS, ARCHIVE];

/** The folder of Codex's own files. */
export function codexHome(env: Record<string, string | undefined>, home: string): string {
  return env.CODEX_HOME || join(home, ".codex");
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of a longer time, all rollouts are listed. */
const MOST_DAYS = 400;

/** Every rollout under a Codex home, sorted; the compressed twin of a plain file is left out. */
export async function listRollouts(codexHome: string): Promise<string[]> {
  const found = await Promise.all(FOLDERS.map((folder) => walk(join(codexHome, folder), 4)));
  return withoutTwins(found.flat());
}

/** The rollouts of a Codex home that were begun on the days of a time, in whatever zone; archived ones of any time. */
export async function listRolloutsOfDays(codexHome: string, from: number, to: number): Promise<string[]> {
  const days = Math.ceil((to - from) / DAY_MS);
  if (!(days <= MOST_DAYS)) return await listRollouts(codexHome);
  const found = [walk(join(codexHome, ARCHIVE), 1)];
  for (let day = -1; day <= days + 1; day++) {
    const date = new Date(from + day * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
    found.push(walk(join(codexHome, SESSIONS, ...date.split("-")), 1));
  }
  return withoutTwins((await Promise.all(found)).flat());
}

/** The rollouts that lie in a folder, sorted; links are left out, for the folder may be anybody's. */
export async function rolloutsIn(folder: string): Promise<string[]> {
  const entries = (await entriesOf(folder)).filter((entry) => entry.isFile() && ROLLOUT.test(entry.name));
  return withoutTwins(entries.map(({ name }) => join(folder, name)));
}

/** Sorted; the compressed twin of a plain file is left out. */
function withoutTwins(found: readonly string[]): string[] {
  const paths = new Set(found);
  return [...paths].filter((path) => !path.endsWith(".zst") || !paths.has(path.slice(0, -".zst".length))).sort();
}

/** The id of the log that a rollout's name holds; null when the file is no rollout. */
export function sessionIdOfPath(path: string): string | null {
  const [, , thread, own = ""] = ROLLOUT.exec(basename(path)) ?? [];
  return (isSessionId(own) ? own : thread)?.toLowerCase() ?? null;
}

/** The id of the thread that a rollout is a log of; null when the file is no rollout. */
export function threadIdOfPath(path: string): string | null {
  return ROLLOUT.exec(basename(path))?.[2]?.toLowerCase() ?? null;
}

/** When a rollout was begun, as its name tells: in local time, here taken for UTC. Milliseconds since the epoch. */
export function startInName(path: string): number | null {
  const [date, time = ""] = (ROLLOUT.exec(basename(path))?.[1] ?? "").split("T");
  const ms = Date.parse(`${date}T${time.replaceAll("-", ":")}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** The Codex home a log lies in, as far as its path tells. */
export function homeOfLog(path: string): string | null {
  for (let dir = dirname(path); dir !== dirname(dir); dir = dirname(dir)) {
    if (FOLDERS.includes(basename(dir))) return dirname(dir);
  }
  return null;
}

async function walk(dir: string, depth: number): Promise<string[]> {
  const nested = (await entriesOf(dir)).map((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return depth > 1 ? walk(path, depth - 1) : [];
    return !entry.isDirectory() && ROLLOUT.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

async function entriesOf(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return [];
    throw error;
  }
}
