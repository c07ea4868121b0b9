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

/** Settings from the command line. If null, the environment or the configuration decides. */
export interface RunSettings {
  changelog: boolean | null;
  actor: string | null;
  evaluator: EvaluatorName | null;
  model: string | null;
  timeoutMs: number | null;
  /** The URL of the repository. `--no-redact` is not recorded: it must be given on each command line. */
  repository: string | null;
}

/** Everything needed to finish a run, also from another process and after a restart of the machine. */
export interface PendingRun extends BindableRun {
  schema_version: 1;
  label: string | null;
  /** The variables that decide where the tool's logs are and how the run is recorded. */
  env: Record<string, string>;
  settings: RunSettings;
  /** A snapshot of the repository from when the tool was started, and the time at which the snapshot was complete. */
  before: { snapshot: Snapshot; done_at: string } | null;
  /** The number of other unfinished runs in the project at the start. */
  others: number;
  /** A snapshot of the repository from right after the tool ended, and the number of other runs active by then. */
  after: { snapshot: Snapshot | null; others: number } | null;
  /** The `ctx` process of the run has given it up: another process may finish it. */
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

/** The environment variables that a pending run keeps. */
export function keptVariables(env: Environment): Record<string, string> {
  const names = [...AGENTS.map(({ homeVariable }) => homeVariable), ...KEPT_VARIABLES];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}

/** The folder of all pending runs. */
export function pendingFolder(env: Environment, home: string): string {
  return join(stateDirectory(env, home), "pending");
}

/**
 * The file of a run. Its name contains the project and the process, so that starting a run need not read any record.
 */
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

/** The variable that marks the tool's process, and every process it starts, with the name of the run's record. */
export const RUN_ENV_VAR = "CTX_RUN";

export function runMarker(path: string): string {
  return basename(path, ".json");
}

/** The number of unfinished runs of a project whose processes have certainly ended and that are not being recovered. */
export async function countAbandoned(folder: string, root: string): Promise<number> {
  const abandoned = listPending(folder, root).map(async ({ path, owner }) => {
    const identity = parseIdentity(owner);
    return identity !== null && (await isSurelyGone(identity)) && !(await isHeld(path));
  });
  return (await Promise.all(abandoned)).filter(Boolean).length;
}

/** The pending runs of one project, or of all projects. */
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
