// The version and the options of an installed tool. Each executable is asked once, and its answers are cached; if the
// cache is unusable, it is asked again.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { z } from "zod";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { cacheDirectory, type Environment } from "../system/paths.ts";
import { type RunResult, run } from "../system/spawn.ts";
import { writeAtomic } from "../system/write-atomic.ts";

export interface CliCapabilities {
  version: string | null;
  /** The long options that its help lists. */
  options: ReadonlySet<string>;
  /** It starts without the user's home folder. Version managers keep the programs that their launchers start in it. */
  worksWithoutHome: boolean;
}

export interface CapabilitiesQuery {
  executable: string;
  /** The arguments that make it print its options. */
  helpArguments: readonly string[];
  /** The cache file. */
  cache: string;
  environment: (isolateHome: boolean) => Record<string, string>;
  /** The empty folder to run it in. */
  work: string;
  timeoutMs: number;
}

const QUERY_TIMEOUT_MS = 20_000;

/** The capabilities of an executable, or how it failed to print them. */
export async function detectCapabilities(
  query: CapabilitiesQuery,
): Promise<{ capabilities: CliCapabilities } | { failed: RunResult }> {
  const { executable, cache } = query;
  const cached = cachedCapabilities(cache, executable);
  if (cached !== null) return { capabilities: cached };
  const isolated = await askExecutable(query, true);
  const answer = "failed" in isolated && exited(isolated.failed) ? await askExecutable(query, false) : isolated;
  if ("capabilities" in answer) await storeCapabilities(cache, executable, answer.capabilities);
  return answer;
}

async function askExecutable(
  { executable, helpArguments, environment, work, timeoutMs }: CapabilitiesQuery,
  worksWithoutHome: boolean,
): Promise<{ capabilities: CliCapabilities } | { failed: RunResult }> {
  const options = { cwd: work, env: environment(worksWithoutHome), timeoutMs: Math.min(QUERY_TIMEOUT_MS, timeoutMs) };
  const [version, help] = await Promise.all([
    run([executable, "--version"], options),
    run([executable, ...helpArguments], options),
  ]);
  // A partial answer must not be cached.
  const failed = [version, help].find(({ code, timedOut }) => code !== 0 || timedOut);
  if (failed !== undefined) return { failed };
  const number = /\d+\.\d+\.\d+[\w.+-]*/.exec(version.stdout)?.[0] ?? null;
  return { capabilities: { version: number, options: optionsIn(help.stdout), worksWithoutHome } };
}

/** An executable that was neither killed nor timed out may only lack the home folder. */
function exited({ code, timedOut }: RunResult): boolean {
  return code !== null && !timedOut;
}

function optionsIn(help: string): Set<string> {
  return new Set([...help.matchAll(/^\s+(?:-\w, )?(--[a-z][a-z-]*)/gm)].flatMap(([, option]) => option ?? []));
}

/** The absolute path of a command that is a name to look up in `searchPath`, or a path; null if it is not found. */
export function findExecutable(command: string, searchPath: string): string | null {
  const folders = searchPath.split(delimiter).filter(Boolean);
  const isPath = /[\\/]/.test(command);
  const candidates = isPath ? [resolve(command)] : folders.map((folder) => resolve(join(folder, command)));
  return candidates.find((candidate) => identifyExecutable(candidate) !== null) ?? null;
}

/** Identifies an executable file and its state; null if there is none. */
function identifyExecutable(executable: string): string | null {
  try {
    const real = realpathSync(executable);
    const stats = statSync(real);
    if (!stats.isFile() || (stats.mode & 0o111) === 0) return null;
    return [real, stats.dev, stats.ino, stats.size, stats.mtimeMs].join("\0");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) return null;
    throw error;
  }
}

const CACHE_VERSION = 1;
/** An executable may be a launcher that stays the same when the program that it starts is updated. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const MAX_CACHED = 16;
const MAX_CACHE_BYTES = 256 * 1024;

const cachedSchema = z.object({
  identity: z.string().min(1).max(5_000),
  asked_at: z.iso.datetime(),
  version: z.string().max(100).nullable(),
  options: z.array(z.string().max(100)).max(500),
  leaves_home: z.boolean(),
});
const cacheSchema = z.object({
  schema: z.literal(CACHE_VERSION),
  executables: z.array(cachedSchema).max(MAX_CACHED),
});
type Cached = z.output<typeof cachedSchema>;

/** The cache file of the executables of one tool. */
export function capabilitiesCache({ env, home }: { env: Environment; home: string }, name: string): string {
  return join(cacheDirectory(env, home), `${name}-traits.json`);
}

/** Null if the executable must be asked. */
export function cachedCapabilities(cache: string, executable: string): CliCapabilities | null {
  const identity = identifyExecutable(executable);
  const cached = readCache(cache).find((one) => one.identity === identity);
  if (cached === undefined) return null;
  const { version, options, leaves_home: worksWithoutHome } = cached;
  return { version, options: new Set(options), worksWithoutHome };
}

async function storeCapabilities(
  cache: string,
  executable: string,
  { version, options, worksWithoutHome }: CliCapabilities,
): Promise<void> {
  const identity = identifyExecutable(executable);
  if (identity === null) return;
  const asked_at = new Date().toISOString();
  const stored: Cached = { identity, asked_at, version, options: [...options], leaves_home: worksWithoutHome };
  await writeCache(cache, [stored, ...readCache(cache).filter((one) => one.identity !== identity)]);
}

/** Makes the next evaluation ask the executable again: after an unexplained failure, its options may have changed. */
export async function dropCapabilities(cache: string, executable: string): Promise<void> {
  const identity = identifyExecutable(executable);
  const cached = readCache(cache);
  const rest = cached.filter((one) => one.identity !== identity);
  if (rest.length < cached.length) await writeCache(cache, rest);
}

function readCache(cache: string): Cached[] {
  try {
    if (statSync(cache).size > MAX_CACHE_BYTES) return [];
    const { data } = cacheSchema.safeParse(JSON.parse(readFileSync(cache, "utf8")));
    return data?.executables.filter(({ asked_at }) => isFresh(Date.parse(asked_at))) ?? [];
  } catch {
    return [];
  }
}

function isFresh(askedAt: number): boolean {
  const age = Date.now() - askedAt;
  return age >= 0 && age < MAX_AGE_MS;
}

async function writeCache(cache: string, executables: Cached[]): Promise<void> {
  const file = { schema: CACHE_VERSION, executables: executables.slice(0, MAX_CACHED) };
  try {
    await writeAtomic(cache, `${JSON.stringify(file)}\n`, { mode: 0o600 });
  } catch (error) {
    // The file may be a folder or the disk full: the next evaluation asks again.
    if (!(error instanceof ExpectedError) && !(error instanceof Error && "code" in error)) throw error;
  }
}
