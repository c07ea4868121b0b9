// Where Codex keeps its logs: `$CODEX_HOME/sessions/YYYY/MM/DD/`, and flat in `$CODEX_HOME/archived_sessions/`.
import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { hasCode } from "../../system/errors.ts";
import { isSessionId } from "../session-id.ts";

/**
 * Only files with these names are rollouts: other programs write into the same folders. After a person goes back in a
 * thread, Codex continues in a new log, with the new log's own id after the id of the thread.
 */
const ROLLOUT =
  /^rollout-(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})-([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:_([\w-]+))?\.jsonl(?:\.zst)?$/i;
const SESSIONS = "sessions";
const ARCHIVE = "archived_sessions";
const FOLDERS = [SESSIONS, ARCHIVE];

/** The folder that holds Codex's configuration and logs. */
export function codexHome(env: Record<string, string | undefined>, home: string): string {
  return env.CODEX_HOME || join(home, ".codex");
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** For a period of more days it is faster to list all rollouts. */
const MAX_DAYS = 400;

/** Every rollout under a Codex home, sorted, without a compressed file whose uncompressed form is there too. */
export async function listRollouts(codexHome: string): Promise<string[]> {
  const found = await Promise.all(FOLDERS.map((folder) => walk(join(codexHome, folder), 4)));
  return withoutTwins(found.flat());
}

/**
 * The rollouts that were started between two times (milliseconds since the epoch), plus a day on each side because day
 * folders are in local time. Archived rollouts are listed whatever their time.
 */
export async function listRolloutsBetween(codexHome: string, from: number, to: number): Promise<string[]> {
  const days = Math.ceil((to - from) / DAY_MS);
  if (!(days <= MAX_DAYS)) return await listRollouts(codexHome);
  const found = [walk(join(codexHome, ARCHIVE), 1)];
  for (let day = -1; day <= days + 1; day++) {
    const date = new Date(from + day * DAY_MS).toISOString().slice(0, "YYYY-MM-DD".length);
    found.push(walk(join(codexHome, SESSIONS, ...date.split("-")), 1));
  }
  return withoutTwins((await Promise.all(found)).flat());
}

/** The rollouts directly in a folder, sorted. Symbolic links are ignored: the folder may not be the user's own. */
export async function listRolloutsIn(folder: string): Promise<string[]> {
  const entries = (await readFolder(folder)).filter((entry) => entry.isFile() && ROLLOUT.test(entry.name));
  return withoutTwins(entries.map(({ name }) => join(folder, name)));
}

function withoutTwins(found: readonly string[]): string[] {
  const paths = new Set(found);
  return [...paths].filter((path) => !path.endsWith(".zst") || !paths.has(path.slice(0, -".zst".length))).sort();
}

/** The id of the log, from its file name; null when the file is not a rollout. */
export function sessionIdOfPath(path: string): string | null {
  const [, , thread, own = ""] = ROLLOUT.exec(basename(path)) ?? [];
  return (isSessionId(own) ? own : thread)?.toLowerCase() ?? null;
}

/** The id of the thread that the log belongs to, from its file name; null when the file is not a rollout. */
export function threadIdOfPath(path: string): string | null {
  return ROLLOUT.exec(basename(path))?.[2]?.toLowerCase() ?? null;
}

/** The start time in a rollout's file name, in milliseconds since the epoch. It is local time, read here as UTC. */
export function startTimeOfPath(path: string): number | null {
  const [date, time = ""] = (ROLLOUT.exec(basename(path))?.[1] ?? "").split("T");
  const ms = Date.parse(`${date}T${time.replaceAll("-", ":")}Z`);
  return Number.isNaN(ms) ? null : ms;
}

/** The creation time in a version 7 UUID, in milliseconds since the epoch; null for any other text. */
export function uuidTime(uuid: string | null): number | null {
  const [, high, low] = /^([\da-f]{8})-([\da-f]{4})-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i.exec(uuid ?? "") ?? [];
  return high === undefined ? null : Number.parseInt(`${high}${low}`, 16);
}

/** The Codex home that a log lies in; null when its path has no sessions folder. */
export function homeOfLog(path: string): string | null {
  for (let dir = dirname(path); dir !== dirname(dir); dir = dirname(dir)) {
    if (FOLDERS.includes(basename(dir))) return dirname(dir);
  }
  return null;
}

async function walk(dir: string, depth: number): Promise<string[]> {
  const nested = (await readFolder(dir)).map((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return depth > 1 ? walk(path, depth - 1) : [];
    return ROLLOUT.test(entry.name) ? [path] : [];
  });
  return (await Promise.all(nested)).flat();
}

async function readFolder(dir: string): Promise<Dirent[]> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES", "ENOTDIR")) return [];
    throw error;
  }
}
