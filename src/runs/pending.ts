// The record of an unfinished run. It is kept in the user's state folder, not in the repository: a cloned repository
// must not be able to plant one.
import { basename, dirname, join } from "node:path";
import type { BindableRun } from "../agents/binding.ts";
import { AGENTS } from "../agents/registry.ts";
import type { EvaluatorName } from "../evaluate/registry.ts";
import type { Snapshot } from "../evidence/git/snapshot.ts";
import { sha256 } from "../system/crypto.ts";
import { makeDirectory, namesIn, removeFile } from "../system/directory.ts";
import { isHeld } from "../system/lock.ts";
import { type Environment, stateDirectory } from "../system/paths.ts";
import { formatIdentity, identifySelf, isSurelyGone, parseIdentity } from "../system/process-identity.ts";
import { createAtomic, sweepTemporaries, writeAtomic } from "../system/write-atomic.ts";

/** What the command line asks for; null leaves it to the environment and the configuration. */
export interface RunSettings {
  changelog: boolean | null;
  actor: string | null;
  evaluator: EvaluatorName | null;
  model: string | null;
  timeoutMs: number | null;
  /** The address of the repository. Whether pages keep secrets is not recorded: only a command line may say so. */
  repository: string | null;
}

/** Everything needed to finish a run, also from another process and after a restart of the machine. */
export interface PendingRun extends BindableRun {
  schema_version: 1;
  label: string | null;
  /** The variables that decide where the tool's logs are and how the run is recorded. */
  env: Record<string, string>;
  settings: RunSettings;
  /** A snapshot of the repository when the tool was started, and when taking it was done. */
  before: { snapshot: Snapshot; done_at: string } | null;
  /** The number of other unfinished runs in the project at the start. */
  others: number;
  /** A snapshot of the repository right after the tool's end, and how many other runs were active by then. */
  after: { snapshot: Snapshot | null; others: number } | null;
  /** Its `ctx` process is done with it: another process may finish it. */
  released: boolean;
  /** The tool's process. */
  child: string | null;
}

/** A pending run and the file that holds it. */
export interface PendingFile {
  path: string;
  run: PendingRun;
}

const KEPT_VARIABLES =
  "CTX_ACTOR CHANGELOG_ACTOR CTX_CHANGELOG AI_CODE_SESSIONS_CHANGELOG CTX_CHANGELOG_EVALUATOR CTX_CHANGELOG_MODEL CTX_TZ".split(
    " ",
  );

/** The part of an environment that a pending run keeps. */
export function keptVariables(env: Environment): Record<string, string> {
  const names = [...AGENTS.map(({ homeVariable }) => homeVariable), ...KEPT_VARIABLES];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The folder of all pending runs. */
export function pendingFolder(env: Environment, home: string): string {
  return join(stateDirectory(env, home), "pending");
}

/** A run's file. Its name contains the project and the process, so that no record is read at the start of a run. */
export async function pendingFile(folder: string, run: PendingRun): Promise<PendingFile> {
  return { path: join(folder, `${projectKey(run.root)}.${formatIdentity(await identifySelf())}.json`), run };
}

/** Writes a new run's record, synchronously, because the person is waiting for the tool. */
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

/** The variable that marks the tool's process, and all it starts, with the name of the run's record. */
export const RUN_ENV_VAR = "CTX_RUN";

export function runMarker(path: string): string {
  return basename(path, ".json");
}

/** How many unfinished runs of a project belong to processes that are surely gone, and are not being recovered. */
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
    // The lock of a record is a folder with the same name and one more extension.
    const [key = "", owner = "", ...extension] = name.split(".");
    return extension.join(".") === "json" && (root === null || key === projectKey(root)) ? [{ name, owner }] : [];
  });
  return names.map(({ name, owner }) => ({ path: join(folder, name), owner }));
}

function projectKey(root: string): string {
  return sha256(root).slice(0, 12);
}
