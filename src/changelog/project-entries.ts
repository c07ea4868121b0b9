// The entries of a project, of every actor, by session.
import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import type { Tool } from "../agents/tool.ts";
import { hasCode, ifReadable } from "../system/errors.ts";
import { insideRoot, refuseOutside } from "../system/paths.ts";
import { readRuns } from "./store.ts";
import type { StoredEntry } from "./stored-entry.ts";

/** The files that the entries of each session name. A moved file counts under its new path. */
export function filesBySession(root: string, tool: Tool): Map<string, Set<string>> {
  return new Map(
    [...entriesBySession(root, tool)].map(([id, entries]) => [id, new Set(entries.flatMap(touchedPaths))]),
  );
}

/** An entry and the file it is in. */
export type EntryInFile = StoredEntry & { file: string };

/** The best entry of each run, oldest first, by session. */
export function entriesBySession(root: string, tool: Tool): Map<string, EntryInFile[]> {
  const sessions = new Map<string, EntryInFile[]>();
  for (const file of entriesFiles(root)) {
    for (const entry of readRuns(file).entries) {
      if (entry.tool !== tool || entry.session_id === null) continue;
      const entries = sessions.get(entry.session_id) ?? [];
      entries.push({ ...entry, file });
      sessions.set(entry.session_id, entries);
    }
  }
  return sessions;
}

/** Every file that an entry names, moved ones under their new path. */
export function touchedPaths({ touched_files: touched }: StoredEntry): string[] {
  return [...touched.created, ...touched.modified, ...touched.deleted, ...touched.moved.map(({ to }) => to)];
}

/** The `entries.jsonl` of every actor, also in the places that early releases of version 1 used. */
export function entriesFiles(root: string): string[] {
  const folder = join(root, ".changelog");
  refuseOutside(root, folder, "`.changelog`");
  const actors = foldersIn(root, folder);
  const earlyActors = actors.filter((path) => basename(path) === "actors").flatMap((path) => foldersIn(root, path));
  return [...actors, ...earlyActors, folder].map((path) => join(path, "entries.jsonl"));
}

/** The folders in a folder, also linked ones that lie in the project. */
function foldersIn(root: string, folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() || (entry.isSymbolicLink() && isFolderInside(root, path)) ? [path] : [];
    });
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function isFolderInside(root: string, path: string): boolean {
  if (!insideRoot(root, path) || !ifReadable(() => statSync(path).isDirectory())) return false;
  refuseOutside(root, path, "the actor's folder");
  return true;
}
