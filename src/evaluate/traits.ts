// What an installed program is and which options it has: asked once for each executable, and remembered.
import { type RunResult, run } from "../system/spawn.ts";
import { cachedCapabilities, storeCapabilities } from "./traits-cache.ts";

export interface CliCapabilities {
  version: string | null;
  /** The long options that its help names. */
  options: ReadonlySet<string>;
  /** It starts without the user's home folder. The launchers of version managers keep there what they launch. */
  worksWithoutHome: boolean;
}

export interface CapabilitiesQuery {
  executable: string;
  /** The arguments that make it print its options. */
  help: readonly string[];
  /** The file its answers are kept in. */
  cache: string;
  /** Its environment with the user's home folder, or without it. */
  environment: (leavesHome: boolean) => Record<string, string>;
  /** An empty folder to ask it in. */
  work: string;
  timeoutMs: number;
}

const ASK_TIMEOUT_MS = 20_000;

/** The traits of an executable, or how it failed to tell its version. */
export async function detectCapabilities(query: CapabilitiesQuery): Promise<{ traits: CliCapabilities } | { failed: RunResult }> {
  const { executable, cache } = query;
  const known = cachedCapabilities(cache, executable);
  if (known !== null) return { traits: known };
  const without = await ask(query, true);
  const asked = "failed" in without && gaveUp(without.failed) ? await ask(query, false) : without;
  if ("traits" in asked) await storeCapabilities(cache, executable, asked.traits);
  return asked;
}

async function ask(
  { executable, help: helpArguments, environment, work: cwd, timeoutMs }: CapabilitiesQuery,
  leavesHome: boolean,
): Promise<{ traits: CliCapabilities } | { failed: RunResult }> {
  const surroundings = { cwd, env: environment(leavesHome), timeoutMs: Math.min(ASK_TIMEOUT_MS, timeoutMs) };
  const told = (...args: string[]) => run([executable, ...args], surroundings);
  const [version, help] = await Promise.all([told("--version"), told(...helpArguments)]);
  // Half an answer must not be remembered.
  const failed = [version, help].find(({ code, timedOut }) => code !== 0 || timedOut);
  if (failed !== undefined) return { failed };
  const number = /\d+\.\d+\.\d+[\w.+-]*/.exec(version.stdout)?.[0] ?? null;
  return { traits: { version: number, options: optionsOf(help.stdout), worksWithoutHome: leavesHome } };
}

/** It ended by itself; one that was interrupted or took too long is not asked again. */
function gaveUp({ code, timedOut }: RunResult): boolean {
  return code !== null && !timedOut;
}

function optionsOf(help: string): Set<string> {
  return new Set([...help.matchAll(/^\s+(?:-\w, )?(--[a-z][a-z-]*)/gm)].flatMap(([, option]) => option ?? []));
}
