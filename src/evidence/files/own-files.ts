// Files that `ctx` writes into a repository. They are never the work of a run, whoever commits them.
import { AGENTS } from "../../agents/registry.ts";

const FOLDERS = [
  ".changelog/",
  ".ai-code-sessions/",
  ...AGENTS.map(({ projectFolder }) => `${projectFolder}/sessions/`),
];

/** Whether a path of the project, relative to its root, is in a folder of `ctx`. */
export function isOwnFile(path: string): boolean {
  return FOLDERS.some((folder) => path.startsWith(folder));
}
