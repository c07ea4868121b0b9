// A run that is not brought home yet. Its record lies in the user's state folder, not in the repository: it is there
// before the repository has anything to keep, and no cloned repository can plant one.
import { basename, dirname, join } from "node:path";
import type { Tool } from "../agents/tools.ts";
import type { EvaluatorName } from "../evaluate/registry.ts";
import type { Snapshot } from "../evidence/git/snapshot.ts";
import type { BoundLog } from "../sessions/locate.ts";
import { sha256 } from "../system/crypto.ts";
import { makeDirectory, namesIn, removeFile } from "../system/directory.ts";
import { isHeld } from "../system/lock.ts";
import { type Environment, stateDirectory } from "../system/paths.ts";
import { formatIdentity, identifySelf, isSurelyGone, parseIdentity } from "../system/process-identity.ts";
import { createAtomic, sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";

/** What the person asked for on the command line; null leaves it to the environment and the configuration. */
export interface RunSettings {
  changelog: boolean | null;
  actor: string | null;
  evaluator: EvaluatorName | null;
  model: string | null;
  timeoutMs: number | null;
  /** Where the repository lives. Whether secrets stay in the pages is not for a file to say. */
  repository: string | null;
}

/** Everything that is needed to bring a run home, also by another process and after a restart of the machine. */
export interface PendingRun {
  schema_version: 1;
  tool: Tool;
  label: string | null;
  /** The project's root folder, and where the tool works. */
  root: string;
  cwd: string;
  /** The variables that decide where the tool's logs are and how the run is recorded. */
  env: Record<string, string>;
  settings: RunSettings;
  started_at: string;
  /** Null while the tool runs, and for ever when we did not live to see it end. */
  ended_at: string | null;
  /** The session that went on; its id is null where the tool chose it. */
  resume: { id: string | null } | null;
  /** The id we chose for a new session. */
  session_id: string | null;
  /** The repository as it was when the tool was started, and when looking at it was done. */
  before: { snapshot: Snapshot; done_at: string } | null;
  /** How many other unfinished runs of the project there were then. */
  others: number;
  /** The repository as it was right after the tool's end, and how many other runs had been at work by then. */
  after: { snapshot: Snapshot | null; others: number } | null;
  /** Its `ctx` does no more about it: whoever comes next may finish it. */
  released: boolean;
  /** The tool's process. */
  child: string | null;
  /** The logs it was seen to write. */
  logs: string[];
  /** Nobody else was seen to work with the tool in the project, from its start to its end, nor the tool to write a log. */
  alone: boolean;
  /** The sessions it said it works in, of a tool whose logs are not seen. */
  sessions: string[];
  /**
   * The logs it was found to have written when it was brought home first. Whoever goes on with that must not look anew:
   * what the first one left in the repository speaks against a log that nobody was seen to write.
   */
  bound: BoundLog[] | null;
}

/** The logs that are known to be a run's. */
export function logsOf({ logs, bound }: PendingRun): string[] {
  return [...logs, ...(bound ?? []).map(({ path }) => path)];
}

/** A pending run and the file that holds it. */
export interface PendingFile {
  path: string;
  run: PendingRun;
}

const KEPT_VARIABLES = [
  ...["CODEX_HOME", "CLAUDE_CONFIG_DIR", "CTX_ACTOR", "CHANGELOG_ACTOR", "CTX_CHANGELOG", "AI_CODE_SESSIONS_CHANGELOG"],
  ...["CTX_CHANGELOG_EVALUATOR", "CTX_CHANGELOG_MODEL", "CTX_TZ"],
];

/** The part of an environment that a pending run keeps. */
export function keptVariables(env: Environment): Record<string, string> {
  return Object.fromEntries(KEPT_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The folder of all pending runs. */
export function pendingFolder(env: Environment, home: string): string {
  return join(stateDirectory(env, home), "pending");
}

/** A run's file: its name tells the project and the process, so that nothing needs reading at the start. */
export async function pendingFile(folder: string, run: PendingRun): Promise<PendingFile> {
  return { path: join(folder, `${projectKey(run.root)}.${formatIdentity(await identifySelf())}.json`), run };
}

/** Keeps a new run's record. At once, because the person waits for the tool meanwhile. */
export function createPending({ path, run }: PendingFile): void {
  makeDirectory(dirname(path), 0o700);
  createAtomic(path, serialize(run), 0o600);
}

export async function savePending({ path, run }: PendingFile): Promise<void> {
  makeDirectory(dirname(path), 0o700);
  await writeAtomic(path, serialize(run), { mode: 0o600 });
}

function serialize(run: PendingRun): string {
  return `${JSON.stringify(run, null, 2)}\n`;
}

export async function removePending({ path }: PendingFile): Promise<void> {
  removeFile(path);
  sweepTemporaries(dirname(path));
}

/** What the tool's process, and all it starts, is marked with while a run lasts: the name of the run's record. */
export const RUN_ENV_VAR = "CTX_RUN";

export function runMarker(path: string): string {
  return basename(path, ".json");
}

/** How many runs of a project were left unfinished by processes that are surely gone, and nobody is at them. */
export async function countAbandoned(folder: string, root: string): Promise<number> {
  const abandoned = listPending(folder, root).map(async ({ path, owner }) => {
    const identity = parseIdentity(owner);
    return identity !== null && (await isSurelyGone(identity)) && !(await isHeld(path));
  });
  return (await Promise.all(abandoned)).filter(Boolean).length;
}

/** The pending runs of a project, or of all. */
export function listPending(folder: string, root: string | null): { path: string; owner: string }[] {
  const names = namesIn(folder).flatMap((name) => {
    // A lock beside it is a folder of the same name and one word more.
    const [key = "", owner = "", ...extension] = name.split(".");
    return extension.join(".") === "json" && (root === null || key === projectKey(root)) ? [{ name, owner }] : [];
  });
  return names.map(({ name, owner }) => ({ path: join(folder, name), owner }));
}

function projectKey(root: string): string {
  return sha256(root).slice(0, 12);
}
