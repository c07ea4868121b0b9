// Finds the session directories of a backfill, in the project and in the given folders, and the runs they describe.
import { lstatSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { mapParallel } from "../../agents/log-heads.ts";
import { AGENTS, TOOLS } from "../../agents/registry.ts";
import type { Tool } from "../../agents/tool.ts";
import type { RunDescription } from "../../runs/run-description.ts";
import { listSessionDirectories } from "../../runs/session-directory.ts";
import { ExpectedError, hasCode, messageOf } from "../../system/errors.ts";
import { insideRoot } from "../../system/paths.ts";
import { type Damage, isDamage } from "../planned-run.ts";
import { type DescribedDirectory, describeRuns, type SessionDirectory } from "./describe-runs.ts";

export interface DescribedProject {
  /** How many session directories there are. */
  directories: number;
  runs: RunDescription[];
  damaged: Damage[];
}

/**
 * The runs that the session directories of a project describe. `extra`: more folders that contain session
 * directories.
 */
export async function describeProject(root: string, extra: readonly string[]): Promise<DescribedProject> {
  const { directories, outside } = findDirectories(root, extra);
  const described = await mapParallel(directories, describeDirectory);
  const problems = directories.map(({ directory: path }, index) => ({
    path,
    problem: described[index]?.problem ?? null,
  }));
  const damaged = [
    ...outside.map((path) => ({ path, problem: "it is a link that leads out of the project or to nothing" })),
    ...problems.flatMap(({ path, problem }) => (problem === null ? [] : [{ path, problem }])),
  ];
  return { directories: directories.length + outside.length, runs: described.flatMap(({ runs }) => runs), damaged };
}

async function describeDirectory(directory: SessionDirectory): Promise<DescribedDirectory> {
  try {
    return await describeRuns(directory);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { runs: [], problem: messageOf(error) };
  }
}

interface FoundDirectories {
  directories: SessionDirectory[];
  /** Links out of the project, which may point to anything. */
  outside: string[];
}

function findDirectories(root: string, extra: readonly string[]): FoundDirectories {
  const found: FoundDirectories = { directories: [], outside: [] };
  const seen = new Set<string>();
  const add = (directories: readonly string[], tool: Tool | null, isOwn: boolean) => {
    const siblings = new Set(directories.map((path) => basename(path)));
    for (const directory of directories.filter((path) => !seen.has(path))) {
      seen.add(directory);
      if (isOwn && isLink(directory) && !insideRoot(root, directory)) found.outside.push(directory);
      else found.directories.push({ directory, tool, siblings });
    }
  };
  for (const tool of TOOLS) add(listSessionDirectories(root, tool), tool, true);
  for (const folder of extra) add(directoriesIn(folder), toolOf(folder), false);
  return found;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** The tool of a folder such as `…/.codex/sessions`. */
function toolOf(folder: string): Tool | null {
  return AGENTS.find(({ projectFolder }) => basename(dirname(folder)) === projectFolder)?.id ?? null;
}

function directoriesIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
    throw new ExpectedError(`there are no session directories in \`${folder}\``, {
      hint: "name the folder that contains them with `--sessions-dir`",
      cause: error,
    });
  }
}
