// Where the transcript of a session lives: found again by the session's id, named by when it began and its label.
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import type { Tool } from "../agents/tool.ts";
import { redact } from "../secrets/redact.ts";
import type { SourceMatch } from "../sessions/locate.ts";
import { makeDirectory, syncDirectory } from "../system/directory.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { parseJsonObject } from "../system/json.ts";
import { refuseOutside } from "../system/paths.ts";
import { readSmallFile } from "../system/regular-file.ts";
import { explainFailure } from "../system/system-errors.ts";
import { formatStamp, type ZoneSetting } from "../system/time-zone.ts";
import { createAtomic, createIfMissing, sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";
import { hasExportRecords, readRecordsOfSession } from "./export-records.ts";

export interface NewSessionDirectory {
  /** The project's root folder. */
  root: string;
  tool: Tool;
  label: string;
  startedAt: Date;
  /** The time zone of the stamp; null means the system's. */
  zone: ZoneSetting | null;
  /** What tells whose directory it is, from its first moment on. */
  match: SourceMatch;
}

const SOURCE_MATCH = "source_match.json";
/** It lists a handful of logs. */
const MAX_MATCH_BYTES = 256 * 1024;
const MAX_LABEL = 80;
const MAX_SAME_NAME = 10_000;

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

/** `STAMP_LABEL`, before any `_2`. Its name is in links and in entries: no secret of the label is in it. */
export function sessionDirectoryName(startedAt: Date, label: string, zone: ZoneSetting | null): string {
  return `${formatStamp(startedAt, zone)}_${sanitizeLabel(redact(label).text)}`;
}

/**
 * The directory that exported a session last, by the rows it keeps, never by its name; else one that was made for it
 * and has no row yet, because whoever was at it was killed. Null when the session has none.
 */
export function findSessionDirectory(root: string, tool: Tool, sessionId: string): string | null {
  const sessions = sessionsFolder(root, tool);
  let found: { path: string; at: number } | null = null;
  let claimed: string | null = null;
  for (const path of foldersIn(sessions)) {
    if (!hasExportRecords(path)) {
      if (sessionOf(path) === sessionId) claimed = path;
      continue;
    }
    for (const run of readRecordsOfSession(path, sessionId)) {
      const at = Date.parse(run.created_at ?? "") || 0;
      if (found === null || at > found.at || (at === found.at && path > found.path)) found = { path, at };
    }
  }
  const path = found?.path ?? claimed;
  if (path !== null) refuseOutside(root, path, "the session directory");
  return path;
}

/** The session a directory was made for; null where it does not tell, as the ancestor's. */
function sessionOf(directory: string): string | null {
  const match = parseJsonObject(readSmallFile(join(directory, SOURCE_MATCH), MAX_MATCH_BYTES) ?? "");
  return typeof match?.sessionId === "string" ? match.sessionId : null;
}

/** Keeps which log was chosen, by which rule, and the runners-up. */
export async function writeSourceMatch(directory: string, match: SourceMatch): Promise<string> {
  const path = join(directory, SOURCE_MATCH);
  await writeAtomic(path, serialize(match));
  return path;
}

function serialize(match: SourceMatch): string {
  return `${JSON.stringify(match, null, 2)}\n`;
}

/** Every session directory of a tool in a project. */
export function listSessionDirectories(root: string, tool: Tool): string[] {
  return foldersIn(sessionsFolder(root, tool));
}

/** A new directory for a session, called as nobody else's. */
export function createSessionDirectory({ root, tool, label, startedAt, zone, match }: NewSessionDirectory): string {
  const sessions = sessionsFolder(root, tool);
  openSessionsFolder(sessions);
  return createUnderFreeName(sessions, sessionDirectoryName(startedAt, label, zone), serialize(match));
}

/** The session directory the user named. Outside the project is their choice; a link that leads out of it is not. */
export function openGivenDirectory(path: string, root: string, tool: Tool): string {
  const sessions = sessionsFolder(root, tool);
  if (path.startsWith(sessions + sep)) openSessionsFolder(sessions);
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
function openSessionsFolder(sessions: string): void {
  makeDirectory(sessions);
  createIfMissing(join(sessions, ".gitignore"), "*\n");
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

/**
 * Creates the first free one of `name`, `name_2`, `name_3`, …. It belongs to whoever puts the first file into it, so
 * that two never share one, and one that a killed process left empty is used.
 */
function createUnderFreeName(sessions: string, name: string, match: string): string {
  for (let n = 1; n <= MAX_SAME_NAME; n += 1) {
    const path = join(sessions, n === 1 ? name : `${name}_${n}`);
    if (!makeEmptyDirectory(path) || !createAtomic(join(path, SOURCE_MATCH), match, 0o600)) continue;
    syncDirectory(sessions);
    return path;
  }
  throw new ExpectedError(`too many session directories are called \`${name}\``, { hint: "use another label" });
}

/** Makes a directory, unless there is one that somebody uses. */
function makeEmptyDirectory(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw explainFailure("create", path, error);
  }
  if (!lstatSync(path).isDirectory()) return false;
  sweepTemporaries(path);
  return readdirSync(path).length === 0;
}
