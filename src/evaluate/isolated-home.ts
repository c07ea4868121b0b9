// The private folders of one evaluation: a home with a copy of the login and the settings it needs and nothing else,
// and an empty working folder. The working folder is elsewhere, because the tools tell the model its path: the path of
// the user's cache contains the user's name and may lead through a repository.
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { endProcessesWith } from "../system/find-processes.ts";
import { cacheDirectory, type Environment } from "../system/paths.ts";
import {
  formatIdentity,
  identifySelf,
  liveness,
  type ProcessIdentity,
  parseIdentity,
} from "../system/process-identity.ts";
import { copyLogin, removeLoginTemporaries, returnRefreshedLogin } from "./borrowed-login.ts";
import { markerValue, PROCESS_MARKER } from "./environment.ts";
import type { EvaluationPaths, Login } from "./evaluator.ts";
import { writePrivateFile } from "./user-file.ts";

export interface IsolatedHome {
  paths: EvaluationPaths;
  /** The user had a login to copy. */
  hasLogin: boolean;
  /** Returns a refreshed login to the user and removes the folders. */
  close(): Promise<void>;
}

/** The folder that holds the private folders of all evaluations. */
export function homesFolder({ env, home }: { env: Environment; home: string }): string {
  return join(cacheDirectory(env, home), "evaluator");
}

/** The folders that an evaluation by this process uses. Creates nothing. */
export async function planPaths(parent: string): Promise<EvaluationPaths> {
  return pathsFor(parent, await identifySelf());
}

/** Both names identify the process that created the folders. */
function pathsFor(parent: string, owner: ProcessIdentity): EvaluationPaths {
  const folder = join(parent, formatIdentity(owner));
  const temporary = join(tmpdir(), `ctx-${owner.token}`);
  return { folder, home: join(folder, "home"), temporary, work: join(temporary, "work") };
}

/** Creates the folders below `parent` with these files and a copy of this login. */
export async function openIsolatedHome(
  parent: string,
  files: Record<string, string>,
  login: Login | null,
): Promise<IsolatedHome> {
  const paths = await planPaths(parent);
  const { folder, home, temporary, work } = paths;
  await mkdir(parent, { recursive: true, mode: 0o700 });
  try {
    for (const created of [folder, home, temporary, work]) await mkdir(created, { mode: 0o700 });
    for (const [path, content] of Object.entries(files)) await writePrivateFile(join(folder, path), content);
    const hasLogin = login !== null && (await copyLogin(folder, login));
    return { paths, hasLogin, close: () => closeHome(paths) };
  } catch (error) {
    await removeFolders(paths);
    throw error;
  }
}

/** If the login cannot be returned, the private folder stays: it holds the only valid login. */
async function closeHome(paths: EvaluationPaths): Promise<void> {
  await removeFolder(paths.temporary);
  await returnRefreshedLogin(paths.folder);
  await removeFolders(paths);
}

/** The private folder goes last: `cleanUpHomes` finds both folders through it. */
async function removeFolders({ folder, temporary }: EvaluationPaths): Promise<void> {
  for (const path of [temporary, folder]) await removeFolder(path);
}

async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

/** Cleans up after evaluations by processes that were killed: ends their tools, returns their logins. */
export async function cleanUpHomes(parent: string): Promise<void> {
  for (const name of namesIn(parent)) {
    const owner = parseIdentity(name);
    if (owner === null || (await liveness(owner)) !== "gone") continue;
    const paths = pathsFor(parent, owner);
    // The tool may still run, and refresh the login after it was returned.
    await endProcessesWith(PROCESS_MARKER, markerValue(paths));
    await removeLoginTemporaries(paths.folder);
    await closeHome(paths);
  }
}
