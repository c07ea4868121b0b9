// Every session directory a backfill looks at: those of the project, and of the folders that were named.
import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { TOOLS } from "../../agents/registry.ts";
import type { Tool } from "../../agents/tool.ts";
import { listSessionDirectories } from "../../runs/session-directory.ts";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import { insideRoot } from "../../system/paths.ts";
import type { SessionFolder } from "./describe-runs.ts";

export interface FoundFolders {
  folders: SessionFolder[];
  /** Directories that lead out of the project: what a repository links to is not its own. */
  outside: string[];
}

export function findSessionFolders(root: string, named: readonly string[]): FoundFolders {
  const found: FoundFolders = { folders: [], outside: [] };
  const seen = new Set<string>();
  const add = (directories: readonly string[], tool: Tool | null, isOwn: boolean) => {
    const siblings = new Set(directories.map((path) => basename(path)));
    for (const directory of directories.filter((path) => !seen.has(path))) {
      seen.add(directory);
      if (isOwn && isLink(directory) && !insideRoot(root, directory)) found.outside.push(directory);
      else found.folders.push({ directory, tool, siblings });
    }
  };
  for (const tool of TOOLS) add(listSessionDirectories(root, tool), tool, true);
  for (const folder of named) add(directoriesIn(folder), toolOf(folder), false);
  return found;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** `…/.codex/sessions` is Codex's. */
function toolOf(folder: string): Tool | null {
  return TOOLS.find((tool) => basename(dirname(folder)) === `.${tool}`) ?? null;
}

function directoriesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
    throw new ExpectedError(`there are no session directories in \`${folder}\``, {
      hint: "name the folder that holds them with `--sessions-dir`",
      cause: error,
    });
  }
}
