// Where the transcript of a session lives: found again by the session's id, named by when it began and its label.
import { mkdirSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { readRunsOf } from "../changelog/export-runs.ts";
import type { Tool } from "../sessions/events.ts";
import { formatStamp, type ZoneSetting } from "../system/clock.ts";
import { createOnce } from "../system/create-once.ts";
import { makeDirectory, syncDirectory } from "../system/directory.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { refuseOutside } from "../system/paths.ts";
import { explainWriteFailure } from "../system/write-failure.ts";

export interface NewSessionDirectory {
  /** The project's root folder. */
  root: string;
  tool: Tool;
  label: string;
  startedAt: Date;
  /** The time zone of the stamp; null means the system's. */
  zone: ZoneSetting | null;
}

const MAX_LABEL = 80;
const MAX_NAMESAKES = 10_000;

/** A label as part of a folder name: spaces as `_`, and nothing but `[A-Za-z0-9._-]`. */
export function sanitizeLabel(label: string): string {
  const name = label
    .trim()
    .replaceAll(/\s/g, "_")
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .replace(/^[.-]+/, "")
    .slice(0, MAX_LABEL)
    // Windows drops a final dot.
    .replace(/\.+$/, "");
  return name === "" ? "session" : name;
}

/** `STAMP_LABEL`, before any `_2`. */
export function sessionDirectoryName(startedAt: Date, label: string, zone: ZoneSetting | null): string {
  return `${formatStamp(startedAt, zone)}_${sanitizeLabel(label)}`;
}

/**
 * The directory that exported a session last, by the rows it keeps, never by its name; null when the session has none.
 */
export function findSessionDirectory(root: string, tool: Tool, sessionId: string): string | null {
  const sessions = sessionsFolder(root, tool);
  let found: { path: string; at: number } | null = null;
  for (const path of foldersIn(sessions)) {
    for (const run of readRunsOf(path, sessionId)) {
      const at = Date.parse(run.created_at ?? "") || 0;
      if (found === null || at > found.at || (at === found.at && path > found.path)) found = { path, at };
    }
  }
  if (found !== null) refuseOutside(root, found.path, "the session directory");
  return found?.path ?? null;
}

/** Every session directory of a tool in a project. */
export function listSessionDirectories(root: string, tool: Tool): string[] {
  return foldersIn(sessionsFolder(root, tool));
}

/** A new directory for a session, called as nobody else's. */
export function createSessionDirectory({ root, tool, label, startedAt, zone }: NewSessionDirectory): string {
  const sessions = sessionsFolder(root, tool);
  openSessions(sessions);
  return createNamed(sessions, sessionDirectoryName(startedAt, label, zone));
}

/** The session directory the user named. Outside the project is their choice; a link that leads out of it is not. */
export function openGivenDirectory(path: string, root: string, tool: Tool): string {
  const sessions = sessionsFolder(root, tool);
  if (path.startsWith(sessions + sep)) openSessions(sessions);
  if (path.startsWith(root + sep)) refuseOutside(root, path, "the session directory");
  makeDirectory(path, 0o700);
  return path;
}

/** The folder of a tool's session directories; refused when it leads out of the project. */
function sessionsFolder(root: string, tool: Tool): string {
  const parent = join(root, `.${tool}`);
  const sessions = join(parent, "sessions");
  refuseOutside(root, parent, `\`.${tool}\``);
  refuseOutside(root, sessions, `\`.${tool}/sessions\``);
  return sessions;
}

/** Session directories are private to this machine: their folder ignores itself. */
function openSessions(sessions: string): void {
  makeDirectory(sessions);
  createOnce(join(sessions, ".gitignore"), "*\n");
}

function foldersIn(sessions: string): string[] {
  try {
    const entries = readdirSync(sessions, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => join(sessions, name));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/** Creates the first free one of `name`, `name_2`, `name_3`, …: creating is what decides, so two never share one. */
function createNamed(sessions: string, name: string): string {
  for (let n = 1; n <= MAX_NAMESAKES; n += 1) {
    const path = join(sessions, n === 1 ? name : `${name}_${n}`);
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      if (hasCode(error, "EEXIST")) continue;
      throw explainWriteFailure("create", path, error);
    }
    syncDirectory(sessions);
    return path;
  }
  throw new ExpectedError(`too many session directories are called \`${name}\``, { hint: "use another label" });
}
