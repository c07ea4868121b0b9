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

export interface SessionDirectoryQuery {
  /** The project's root folder. */
  root: string;
  tool: Tool;
  sessionId: string;
  label: string;
  startedAt: Date;
  /** The time zone of the stamp; null means the system's. */
  zone: ZoneSetting | null;
}

export interface SessionDirectory {
  path: string;
  /** False when the session had one already. */
  created: boolean;
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

/** The session's own directory: the one that recorded an export of it, else a new one nobody else has. */
export function chooseSessionDirectory(query: SessionDirectoryQuery): SessionDirectory {
  const sessions = openSessions(query.root, query.tool);
  const known = findSessionDirectory(sessions, query.sessionId);
  if (known !== null) {
    refuseOutside(query.root, known, "the session directory");
    return { path: known, created: false };
  }
  return { path: createNamed(sessions, sessionDirectoryName(query.startedAt, query.label, query.zone)), created: true };
}

/** The session directory the user named. Outside the project is their choice; a link that leads out of it is not. */
export function openGivenDirectory(path: string, root: string, tool: Tool): string {
  const sessions = join(root, `.${tool}`, "sessions");
  if (path.startsWith(sessions + sep)) openSessions(root, tool);
  if (path.startsWith(root + sep)) refuseOutside(root, path, "the session directory");
  makeDirectory(path, 0o700);
  return path;
}

/** The folder of a tool's session directories, private to this machine: it ignores itself. */
function openSessions(root: string, tool: Tool): string {
  const parent = join(root, `.${tool}`);
  const sessions = join(parent, "sessions");
  refuseOutside(root, parent, `\`.${tool}\``);
  refuseOutside(root, sessions, `\`.${tool}/sessions\``);
  makeDirectory(sessions);
  createOnce(join(sessions, ".gitignore"), "*\n");
  return sessions;
}

/** The directory that exported a session last, by the rows it keeps, never by its name. */
function findSessionDirectory(sessions: string, sessionId: string): string | null {
  let found: { path: string; at: number } | null = null;
  for (const entry of readdirSync(sessions, { withFileTypes: true })) {
    if (!entry.isDirectory() && !entry.isSymbolicLink()) continue;
    const path = join(sessions, entry.name);
    for (const run of readRunsOf(path, sessionId)) {
      const at = Date.parse(run.created_at ?? "") || 0;
      if (found === null || at > found.at || (at === found.at && path > found.path)) found = { path, at };
    }
  }
  return found?.path ?? null;
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
