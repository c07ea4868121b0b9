// A CODEX_HOME of its own for each evaluation: private, short-lived, with a copy of the login and the provider
// settings and nothing else. A login that Codex refreshed there goes back to the user: its refresh token is
// single-use, so the one the user still has is worth nothing any more.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import { parseJsonObject } from "../../system/json.ts";
import { formatIdentity, identifySelf, liveness, parseIdentity } from "../../system/process-identity.ts";
import { sha256 } from "../../system/sha256.ts";
import { writeAtomic } from "../../system/write-atomic.ts";
import { type ProviderSettings, providerSettings } from "./config.ts";

/** Where everything of an evaluation is. */
export interface CodexPlaces {
  /** The home folder of a Codex that does without the user's. Empty but for CODEX_HOME. */
  home: string;
  /** What `CODEX_HOME` is set to. */
  codexHome: string;
  /** An empty folder to work in. */
  work: string;
  schema: string;
  answer: string;
}

export interface CodexHome extends CodexPlaces {
  settings: ProviderSettings;
  /** Codex has its login where this home does not reach, and needs it. */
  loginInKeyring: boolean;
  /** Hands a refreshed login back and removes everything. */
  close(): Promise<void>;
}

/** Which login was copied, to tell later whether Codex or the user changed it. */
interface Loan {
  path: string;
  sha256: string;
}

const LARGEST_FILE = 1024 * 1024;
const LOAN = "loan.json";

/** The places of an evaluation by this process. Nothing is made. */
export async function placesBelow(parent: string): Promise<CodexPlaces & { folder: string }> {
  const folder = join(parent, formatIdentity(await identifySelf()));
  return { folder, ...placesIn(folder) };
}

function placesIn(folder: string): CodexPlaces {
  const home = join(folder, "home");
  return {
    home,
    codexHome: join(home, ".codex"),
    work: join(folder, "work"),
    schema: join(folder, "schema.json"),
    answer: join(folder, "answer"),
  };
}

/** The settings that an evaluation takes over from the user's own CODEX_HOME. */
export async function readSettings(userHome: string): Promise<ProviderSettings> {
  return providerSettings(await readSmall(join(userHome, "config.toml")));
}

/** Makes the home below `parent`, from the user's own one, after removing what killed evaluations left there. */
export async function openCodexHome(parent: string, userHome: string, schema: unknown): Promise<CodexHome> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  await removeLeftovers(parent);
  const settings = await readSettings(userHome);
  const { folder, ...places } = await placesBelow(parent);
  try {
    for (const made of [folder, places.home, places.codexHome, places.work]) await mkdir(made, { mode: 0o700 });
    await writePrivate(join(places.codexHome, "config.toml"), settings.toml);
    await writePrivate(places.schema, JSON.stringify(schema));
    const hasLogin = await lendLogin(folder, join(userHome, "auth.json"));
    const loginInKeyring = settings.needsLogin && settings.keyring && !hasLogin;
    return { ...places, settings, loginInKeyring, close: () => closeHome(folder) };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function lendLogin(folder: string, path: string): Promise<boolean> {
  const login = await readSmall(path);
  if (login === null) return false;
  const loan: Loan = { path, sha256: sha256(login) };
  await writePrivate(join(folder, LOAN), JSON.stringify(loan));
  await writePrivate(lentLogin(folder), login);
  return true;
}

function lentLogin(folder: string): string {
  return join(placesIn(folder).codexHome, "auth.json");
}

async function closeHome(folder: string): Promise<void> {
  try {
    await returnLogin(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Replaces the user's login by the refreshed one, unless it changed meanwhile or is gone: then the user's wins. */
async function returnLogin(folder: string): Promise<void> {
  const loan = parseLoan(await readSmall(join(folder, LOAN)));
  const login = await readSmall(lentLogin(folder));
  if (loan === null || login === null || sha256(login) === loan.sha256 || parseJsonObject(login) === null) return;
  const original = await readSmall(loan.path);
  if (original === null || sha256(original) !== loan.sha256) return;
  await writeAtomic(loan.path, login, { mode: 0o600, followLink: true });
}

/** Closes the homes of evaluations that were killed. A folder is named after the process that made it. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = parseIdentity(name);
    if (owner !== null && (await liveness(owner)) === "gone") await closeHome(join(parent, name));
  }
}

/** A small file's text; null when it is not there. */
async function readSmall(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) throw new ExpectedError(`\`${path}\` is too large to be codex's`);
    return await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return null;
    if (!hasCode(error, "EACCES", "EPERM", "EISDIR")) throw error;
    throw new ExpectedError(`cannot read \`${path}\``, { hint: "check who owns it and its mode", cause: error });
  }
}

async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: "wx" });
}

function parseLoan(text: string | null): Loan | null {
  const { path, sha256: hash } = parseJsonObject(text ?? "") ?? {};
  return typeof path === "string" && typeof hash === "string" ? { path, sha256: hash } : null;
}
