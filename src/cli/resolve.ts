// Turns the values of flags into absolute paths, UTC times and milliseconds; a flag that was not given becomes null.
import { resolve } from "node:path";
import { ExpectedError } from "../system/errors.ts";
import { topLevel } from "../system/git.ts";
import { realPath } from "../system/paths.ts";
import { webPageOfRemote } from "../system/repository-address.ts";
import type { changelogArgs, repositoryArgs, runArgs, transcriptArgs, Values } from "./args.ts";
import type { Verbosity } from "./messages.ts";
import { parseTime } from "./time.ts";
import { UsageError } from "./usage-error.ts";

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
    throw new UsageError(`\`--start\` ${start} is after \`--end\` ${end}`, "swap them");
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

/** The real path of the repository that `--project-root` or the current folder names. */
export async function resolveRoot(values: Values<typeof repositoryArgs>, cwd: string): Promise<string> {
  return realPath(resolvePath(values["project-root"], cwd) ?? (await topLevel(cwd)));
}

export function resolvePath(path: string | undefined, cwd: string): string | null {
  return path === undefined ? null : resolve(cwd, path);
}

const MAX_SECONDS = 86_400;

/** Seconds as milliseconds. */
export function resolveSeconds(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= MAX_SECONDS) return Math.ceil(seconds * 1000);
  throw new UsageError(`\`${flag}\` must be a number of seconds up to ${MAX_SECONDS}, not \`${text}\``);
}

/** A whole number of at least 1. */
export function resolveCount(flag: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`\`${flag}\` must be a whole number of at least 1, not \`${text}\``);
}

/** The web page of a repository, which `--repo` names as `owner/name` on GitHub or by any address that git accepts. */
export function resolveRepository(name: string | undefined): string | null {
  if (name === undefined) return null;
  const address = /^[\w.-]+\/[\w.-]+$/.test(name) ? `https://github.com/${name}` : name;
  const page = webPageOfRemote(address);
  if (page !== null) return page.url;
  throw new UsageError(
    `\`--repo\` must be OWNER/NAME on GitHub or the URL of a repository, not \`${name}\``,
    "for example `--repo owner/name` or `--repo https://gitlab.com/owner/name`",
  );
}

/** The settings of an export that are stored with a pending run. `--no-redact` is never stored. */
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
  if (quiet && verbose) throw new UsageError("`--quiet` and `--verbose` cannot be used together");
  if (quiet) return "quiet";
  return verbose ? "verbose" : "normal";
}

export function currentFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new ExpectedError("the current folder was deleted", { hint: "change to another folder", cause });
  }
}
