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
import { MARK, markOf } from "./environment.ts";
import { lendLogin, returnLogin, tidyLoan } from "./loan.ts";
import type { Login } from "./program.ts";
import { writePrivate } from "./small-file.ts";

/** Where everything of an evaluation is. */
export interface Places {
  /** The private folder, which the others are in unless they say otherwise. */
  folder: string;
  /** The home folder of a program that does without the user's. */
  home: string;
  /** In the system's temporary folder, where paths are short. */
  temporary: string;
  /** An empty folder in `temporary`, to work in. */
  work: string;
}

export interface PrivateHome extends Places {
  /** There was a login to lend. */
  isLent: boolean;
  /** Hands a refreshed login back and removes everything. */
  close(): Promise<void>;
}

/** The places of an evaluation by this process. Nothing is made. */
export async function placesBelow(parent: string): Promise<Places> {
  return placesOf(parent, await identifySelf());
}

/** The folder is named after the process that made it, and the temporary one after that folder. */
function placesOf(parent: string, owner: ProcessIdentity): Places {
  const folder = join(parent, formatIdentity(owner));
  const temporary = join(tmpdir(), `ctx-${owner.token}`);
  return { folder, home: join(folder, "home"), temporary, work: join(temporary, "work") };
}

/** Makes a home below `parent` with these files and this login. */
export async function openPrivateHome(
  parent: string,
  files: Record<string, string>,
  login: Login | null,
): Promise<PrivateHome> {
  const places = await placesBelow(parent);
  const { folder, home, temporary, work } = places;
  await mkdir(parent, { recursive: true, mode: 0o700 });
  try {
    for (const made of [folder, home, temporary, work]) await mkdir(made, { mode: 0o700 });
    for (const [path, content] of Object.entries(files)) await writePrivate(join(folder, path), content);
    const isLent = login !== null && (await lendLogin(folder, login));
    return { ...places, isLent, close: () => closeHome(places) };
  } catch (error) {
    await removeHome(places);
    throw error;
  }
}

/** A login that cannot be handed back stays in the private folder: it is the only one, and the next evaluation tries. */
async function closeHome(places: Places): Promise<void> {
  await rm(places.temporary, { recursive: true, force: true, maxRetries: 3 });
  await returnLogin(places.folder);
  await removeHome(places);
}

/** The private folder last: as long as it is there, the next evaluation knows of both. */
async function removeHome({ folder, temporary }: Places): Promise<void> {
  for (const made of [temporary, folder]) await rm(made, { recursive: true, force: true, maxRetries: 3 });
}

/** Closes the homes of evaluations that were killed, by whichever program. */
export async function tidyHomes(parent: string): Promise<void> {
  for (const name of namesIn(parent)) {
    const owner = parseIdentity(name);
    if (owner === null || (await liveness(owner)) !== "gone") continue;
    const places = placesOf(parent, owner);
    // Its program may be alive, and refresh a login that nobody would hand back.
    await endMarked(MARK, markOf(places));
    await tidyLoan(places.folder);
    await closeHome(places);
  }
}
