// From raw values to what the core takes: absolute paths, UTC times, milliseconds, null for what was not given.
import { resolve } from "node:path";
import { topLevel } from "../system/git.ts";
import { realPath } from "../system/paths.ts";
import { pageOfRemote } from "../system/repository-address.ts";
import type { changelogArgs, placeArgs, runArgs, transcriptArgs } from "./args.ts";
import type { Values } from "./command.ts";
import type { Verbosity } from "./messages.ts";
import { parseTime } from "./time.ts";
import { UsageError } from "./usage-error.ts";

/** Which run a command line means. */
export interface RunSelection {
  tool: Values<typeof runArgs>["tool"];
  cwd: string;
  projectRoot: string | null;
  start: string | null;
  end: string | null;
  sessionId: string | null;
}

export function resolveRun(values: Values<typeof runArgs>, cwd: string): RunSelection {
  const start = values.start === undefined ? null : parseTime("--start", values.start);
  const end = values.end === undefined ? null : parseTime("--end", values.end);
  if (start !== null && end !== null && start > end) {
    throw new UsageError(`\`--start\` ${start} is after \`--end\` ${end}`, "swap the two");
  }
  return {
    tool: values.tool,
    cwd: resolve(cwd, values.cwd ?? "."),
    projectRoot: resolvePath(values["project-root"], cwd),
    start,
    end,
    sessionId: values["session-id"] ?? null,
  };
}

/** The repository that `placeArgs` name, by its real path. */
export async function resolveRoot(values: Values<typeof placeArgs>, cwd: string): Promise<string> {
  return realPath(resolvePath(values["project-root"], cwd) ?? (await topLevel(cwd)));
}

export function resolvePath(path: string | undefined, cwd: string): string | null {
  return path === undefined ? null : resolve(cwd, path);
}

const MOST_SECONDS = 86_400;

/** Seconds as milliseconds. */
export function resolveSeconds(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= MOST_SECONDS) return Math.ceil(seconds * 1000);
  throw new UsageError(`\`${flag}\` takes a number of seconds up to ${MOST_SECONDS}, not \`${text}\``);
}

/** A whole number from 1 on. */
export function resolveCount(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`\`${flag}\` takes a whole number from 1 on, not \`${text}\``);
}

/** The address that `--repo` names: `owner/name` is on GitHub, anything else an address as git takes it. */
export function resolveRepository(name: string | undefined): string | null {
  if (name === undefined) return null;
  const address = /^[\w.-]+\/[\w.-]+$/.test(name) ? `https://github.com/${name}` : name;
  const page = pageOfRemote(address);
  if (page !== null) return page.url;
  throw new UsageError(
    `\`--repo\` takes the name of a repository, not \`${name}\``,
    "such as `--repo owner/name`, or `--repo https://gitlab.com/owner/name`",
  );
}

/** How the entry and the pages are made, as far as the command line says and as far as it may be written down. */
export function resolveSettings(values: Values<typeof changelogArgs & typeof transcriptArgs>) {
  return {
    changelog: values.changelog ?? null,
    actor: values["changelog-actor"] ?? null,
    evaluator: values["changelog-evaluator"] ?? null,
    model: values["changelog-model"] ?? null,
    timeoutMs: resolveSeconds("--changelog-timeout", values["changelog-timeout"]),
    repository: resolveRepository(values.repo),
  };
}

export function resolveVerbosity({ quiet, verbose }: { quiet?: unknown; verbose?: unknown }): Verbosity {
  if (quiet && verbose) throw new UsageError("`--quiet` and `--verbose` exclude each other");
  if (quiet) return "quiet";
  return verbose ? "verbose" : "normal";
}
