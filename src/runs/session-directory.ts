// The directory of a session's transcript: found by the session id, named after the start time and the label.
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { agentOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { redact } from "../secrets/redact.ts";
import type { SourceMatch } from "../sessions/locate.ts";
import { makeDirectory, syncDirectory } from "../system/directory.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { parseJsonObject } from "../system/json.ts";
import { insideRoot, refuseOutside } from "../system/paths.ts";
import { readSmallFile } from "../system/regular-file.ts";
import { explainFailure } from "../system/system-errors.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { formatStamp, type ZoneSetting } from "../system/time-zone.ts";
import { createAtomic, createIfMissing, sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";
import { hasExportRecords, readRecordsOfSession } from "./export-records.ts";

export interface NewSessionDirectory {
  /** The project's root folder. */
  root: string;
  tool: Tool;
  label: string;
  startedAt: Date;
  /** The time zone of the timestamp in the name; null for the time zone of the system. */
  zone: ZoneSetting | null;
  /** Written first, because it says which session the directory belongs to. */
  match: SourceMatch;
}

const SOURCE_MATCH = "source_match.json";
const MAX_MATCH_BYTES = 256 * 1024;
const MAX_LABEL = 80;
const MAX_SAME_NAME = 10_000;

/**
 * A label as part of a folder name: white space becomes `_`, and only `[A-Za-z0-9._-]` is kept; `session` if no letter
 * or digit is left.
 */
export function sanitizeLabel(label: string): string {
  const name = stripTerminalCodes(label)
    .trim()
    .replaceAll(/\s/g, "_")
    .replaceAll(/[^A-Za-z0-9._-]/g, "")
    .replace(/^[.-]+/, "")
    .slice(0, MAX_LABEL)
    // Windows removes a final dot.
    .replace(/\.+$/, "");
  return /[A-Za-z0-9]/.test(name) ? name : "session";
}

/** `TIMESTAMP_LABEL`, without a suffix such as `_2`. Secrets are removed: the name appears in links and in entries. */
export function sessionDirectoryName(startedAt: Date, label: string, zone: ZoneSetting | null): string {
  return `${formatStamp(startedAt, zone)}_${sanitizeLabel(redact(label).text)}`;
}

/**
 * The directory that a session was last exported to, found by its export records and never by its name; otherwise a
 * directory that was created for the session and has no record yet because the export was killed. Null if there is
 * none. A link that leads out of the project, or nowhere, is not a session directory.
 */
export function findSessionDirectory(root: string, tool: Tool, sessionId: string): string | null {
  const sessions = sessionsFolder(root, tool);
  let found: { path: string; at: number } | null = null;
  let claimed: string | null = null;
  for (const path of foldersIn(sessions, (link) => insideRoot(root, link))) {
    if (!hasExportRecords(path)) {
      if (sessionOf(path) === sessionId) claimed = path;
      continue;
    }
    for (const run of readRecordsOfSession(path, sessionId)) {
      const at = Date.parse(run.created_at ?? "") || 0;
      if (found === null || at > found.at || (at === found.at && path > found.path)) found = { path, at };
    }
  }
  return found?.path ?? claimed;
}

/** The session that a directory was created for; null if the directory does not record it, as in version 1. */
function sessionOf(directory: string): string | null {
  const match = parseJsonObject(readSmallFile(join(directory, SOURCE_MATCH), MAX_MATCH_BYTES) ?? "");
  return typeof match?.sessionId === "string" ? match.sessionId : null;
}

/** Writes which log was chosen, by which rule, and the runners-up. */
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

/** Creates a directory for a session, under a name that is not in use. */
export function createSessionDirectory({ root, tool, label, startedAt, zone, match }: NewSessionDirectory): string {
  const sessions = sessionsFolder(root, tool);
  openSessionsFolder(sessions);
  return createUnderFreeName(sessions, sessionDirectoryName(startedAt, label, zone), serialize(match));
}

/**
 * Opens the session directory that the user named. It may be outside the project, but a path inside the project must
 * not lead out of it through a link.
 */
export function openGivenDirectory(path: string, root: string, tool: Tool): string {
  const sessions = sessionsFolder(root, tool);
  if (path.startsWith(sessions + sep)) openSessionsFolder(sessions);
  if (path.startsWith(root + sep)) refuseOutside(root, path, "the session directory");
  makeDirectory(path, 0o700);
  return path;
}

/** The folder of a tool's session directories. Throws if it is a link out of the project. */
function sessionsFolder(root: string, tool: Tool): string {
  const { projectFolder } = agentOf(tool);
  const parent = join(root, projectFolder);
  const sessions = join(parent, "sessions");
  refuseOutside(root, parent, `\`${projectFolder}\``);
  refuseOutside(root, sessions, `\`${projectFolder}/sessions\``);
  return sessions;
}

/** Session directories stay on this machine: their folder has a `.gitignore` that ignores everything in it. */
function openSessionsFolder(sessions: string): void {
  makeDirectory(sessions);
  createIfMissing(join(sessions, ".gitignore"), "*\n");
}

function foldersIn(sessions: string, acceptsLink: (link: string) => boolean = () => true): string[] {
  try {
    const entries = readdirSync(sessions, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() || (entry.isSymbolicLink() && acceptsLink(join(sessions, entry.name))))
      .map(({ name }) => join(sessions, name));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}

/**
 * Creates the first directory of `name`, `name_2`, `name_3`, … that is free. The process that writes the first file
 * owns the directory: two processes never share a directory, and an empty one that a killed process left is reused.
 */
function createUnderFreeName(sessions: string, name: string, match: string): string {
  for (let n = 1; n <= MAX_SAME_NAME; n += 1) {
    const path = join(sessions, n === 1 ? name : `${name}_${n}`);
    if (!makeEmptyDirectory(path) || !createAtomic(join(path, SOURCE_MATCH), match, 0o600)) continue;
    syncDirectory(sessions);
    return path;
  }
  throw new ExpectedError(`too many session directories are named \`${name}\``, { hint: "use another label" });
}

/** Creates a directory unless the path exists. Returns whether an empty directory is at the path now. */
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
