// Which files each session touched, as the entries of a project tell.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "../sessions/events.ts";
import { hasCode } from "../system/errors.ts";
import { refuseOutside } from "../system/paths.ts";
import { readRuns } from "./store.ts";
import type { StoredEntry } from "./stored-entry.ts";

/** The files of the sessions that have entries, whoever got the credit. A moved file counts where it is now. */
export function filesBySession(root: string, tool: Tool): Map<string, Set<string>> {
  const sessions = new Map<string, Set<string>>();
  for (const path of entriesFiles(root)) {
    for (const entry of readRuns(path).entries) {
      if (entry.tool !== tool || entry.session_id === null) continue;
      const files = sessions.get(entry.session_id) ?? new Set<string>();
      for (const file of filesOf(entry)) files.add(file);
      sessions.set(entry.session_id, files);
    }
  }
  return sessions;
}

function filesOf({ touched_files: touched }: StoredEntry): string[] {
  return [...touched.created, ...touched.modified, ...touched.deleted, ...touched.moved.map(({ to }) => to)];
}

function entriesFiles(root: string): string[] {
  const folder = join(root, ".changelog");
  refuseOutside(root, folder, "`.changelog`");
  try {
    const actors = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return actors.map(({ name }) => join(folder, name, "entries.jsonl"));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
