// A home of its own for each evaluation: private, short-lived, with a copy of the login and the settings it needs and
// nothing else. It works in an empty folder somewhere else: programs tell a model where they work, and the way to the
// user's cache names the user and may lead through a repository.
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { namesIn } from "../system/directory.ts";
import { endMarked } from "../system/marked-process.ts";
import {
  formatIdentity,
  identifySelf,
  liveness,
  type ProcessIdentity,
  parseIdentity,
} from "../system/process-identity.ts";
import { PROCESS_MARKER, markerValue } from "./environment.ts";
import { copyLogin, returnRefreshedLogin, removeLoginTemporaries } from "./loan.ts";
import type { Login } from "./program.ts";
import { writePrivateFile } from "./small-file.ts";

/** Where everything of an evaluation is. */
export interface EvaluationPaths {
  /** The private folder, which the others are in unless they say otherwise. */
  folder: string;
  /** The home folder of a program that does without the user's. */
  home: string;
  /** In the system's temporary folder, where paths are short. */
  temporary: string;
  /** An empty folder in `temporary`, to work in. */
  work: string;
}

export interface IsolatedHome extends EvaluationPaths {
  /** There was a login to lend. */
  hasLogin: boolean;
  /** Hands a refreshed login back and removes everything. */
  close(): Promise<void>;
}

/** The places of an evaluation by this process. Nothing is made. */
export async function planPaths(parent: string): Promise<EvaluationPaths> {
  return pathsFor(parent, await identifySelf());
}

/** The folder is named after the process that made it, and the temporary one after that folder. */
function pathsFor(parent: string, owner: ProcessIdentity): EvaluationPaths {
  const folder = join(parent, formatIdentity(owner));
  const temporary = join(tmpdir(), `ctx-${owner.token}`);
  return { folder, home: join(folder, "home"), temporary, work: join(temporary, "work") };
}

/** Makes a home below `parent` with these files and this login. */
export async function openIsolatedHome(
  parent: string,
  files: Record<string, string>,
  login: Login | null,
): Promise<IsolatedHome> {
  const places = await planPaths(parent);
  const { folder, home, temporary, work } = places;
  await mkdir(parent, { recursive: true, mode: 0o700 });
  try {
    for (const made of [folder, home, temporary, work]) await mkdir(made, { mode: 0o700 });
    for (const [path, content] of Object.entries(files)) await writePrivateFile(join(folder, path), content);
    const isLent = login !== null && (await copyLogin(folder, login));
    return { ...places, hasLogin: isLent, close: () => close(places) };
  } catch (error) {
    await remove(places);
    throw error;
  }
}

/** A login that cannot be handed back stays in the private folder: it is the only one, and the next evaluation tries. */
async function close(places: EvaluationPaths): Promise<void> {
  await rm(places.temporary, { recursive: true, force: true, maxRetries: 3 });
  await returnRefreshedLogin(places.folder);
  await remove(places);
}

/** The private folder last: as long as it is there, the next evaluation knows of both. */
async function remove({ folder, temporary }: EvaluationPaths): Promise<void> {
  for (const made of [temporary, folder]) await rm(made, { recursive: true, force: true, maxRetries: 3 });
}

/** Closes the homes of evaluations that were killed, by whichever program. */
export async function cleanUpHomes(parent: string): Promise<void> {
  for (const name of namesIn(parent)) {
    const owner = parseIdentity(name);
    if (owner === null || (await liveness(owner)) !== "gone") continue;
    const places = pathsFor(parent, owner);
    // Its program may be alive, and refresh a login that nobody would hand back.
    await endMarked(PROCESS_MARKER, markerValue(places));
    await removeLoginTemporaries(places.folder);
    await close(places);
  }
}
