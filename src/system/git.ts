// Git, asked by argv and answered in NUL-separated fields. The repository is not trusted: its hooks, pagers, transports,
// file-system monitors and external diff programs never run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "./errors.ts";
import { insideRoot } from "./paths.ts";
import { type RunResult, run } from "./spawn.ts";

const SAFE_CONFIG = [
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "core.quotePath=false",
  "-c",
  "diff.external=",
  "-c",
  "log.showSignature=false",
  // A clone may hold the files of a bare repository, and with them a configuration.
  "-c",
  "safe.bareRepository=explicit",
];

/** Variables that would point git at another repository than the one asked for. */
const REPOSITORY_VARIABLES = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

const SAFE_ENVIRONMENT: Record<string, string> = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  // A partial clone fetches what it lacks, by commands and over transports that its configuration names.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  LC_ALL: "C",
};

/** Runs `git -C dir …` without prompts, locks, pagers or network. The result tells how it ended. */
export async function git(dir: string, args: readonly string[], stdin?: string): Promise<RunResult> {
  const env = { ...SAFE_ENVIRONMENT };
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !REPOSITORY_VARIABLES.includes(name) && !(name in env)) env[name] = value;
  }
  const result = await run(["git", "-C", dir, "--no-pager", ...SAFE_CONFIG, ...args], {
    env,
    ...(stdin === undefined ? {} : { stdin }),
    maxOutputBytes: 64 * 1024 * 1024,
  });
  if (result.notFound) throw new ExpectedError("`git` is not installed", { hint: "install git and try again" });
  return result;
}

/** What a git command prints, without the last line feed; null when it fails. */
export async function gitText(dir: string, args: readonly string[], stdin?: string): Promise<string | null> {
  const result = await git(dir, args, stdin);
  return result.code === 0 ? result.stdout.replace(/\n$/, "") : null;
}

/** The NUL-separated fields a git command prints (`-z`); null when it fails. */
export async function gitFields(dir: string, args: readonly string[], stdin?: string): Promise<string[] | null> {
  const result = await git(dir, args, stdin);
  if (result.code !== 0) return null;
  const fields = result.stdout.split("\0");
  if (fields.at(-1) === "") fields.pop();
  return fields;
}

/**
 * The top level of the work tree a folder lies in; the folder itself where there is no repository. The repository's own
 * configuration may name any folder as its work tree (`core.worktree`): only one that holds both counts.
 */
export async function topLevel(dir: string): Promise<string> {
  const top = await gitText(dir, ["rev-parse", "--show-toplevel"]);
  return top !== null && insideRoot(top, dir) && existsSync(join(top, ".git")) ? top : dir;
}

/**
 * Whether git keeps a page, or anything in a folder: then it came with the repository, and may be anybody's. Pages of
 * ours are never committed. The repository's own configuration may say that its files are elsewhere.
 */
export async function isCommitted(root: string, path: string): Promise<boolean> {
  for (const place of [[], [`--work-tree=${root}`]]) {
    const { code } = await git(root, [...place, "ls-files", "--error-unmatch", "--", path]);
    if (code === 0) return true;
  }
  return false;
}
