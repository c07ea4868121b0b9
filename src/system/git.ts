// Runs git with argv arrays and reads NUL-separated fields. The repository is not trusted: its hooks, pagers, transports,
// file-system monitors and external diff programs never run.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { ExpectedError } from "./errors.ts";
import { insideRoot, realPath } from "./paths.ts";
import { quoteWords } from "./shell-quote.ts";
import { type RunResult, run } from "./spawn.ts";

const SAFE_CONFIG = [
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.quotePath=false",
  "diff.external=",
  "log.showSignature=false",
  // A clone may contain the files of a bare repository, with a configuration of its own.
  "safe.bareRepository=explicit",
].flatMap((setting) => ["-c", setting]);

/** Variables that would point git at another repository than the one it is run in. */
const REPOSITORY_VARIABLES = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

const SAFE_ENVIRONMENT: Record<string, string> = {
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  // A partial clone fetches missing objects with commands and over transports that its configuration names.
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "none",
  LC_ALL: "C",
};

/** Runs `git -C dir …` without prompts, locks, pagers or network. Throws only when git is not installed. */
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

/** The output of a git command without the last line feed; null when it fails. */
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
 * The top level of the worktree that contains a folder; the folder itself outside of any repository. A repository's
 * configuration may name any folder as its worktree (`core.worktree`): only one that holds both folder and `.git` counts.
 */
export async function topLevel(dir: string): Promise<string> {
  const { code, stdout, stderr } = await git(dir, ["rev-parse", "--show-toplevel"]);
  const top = code === 0 ? stdout.replace(/\n$/, "") : refusedIn(stderr);
  return top !== null && insideRoot(top, dir) && existsSync(join(top, ".git")) ? top : dir;
}

/** A message for a repository that git refuses to read because another user owns it; null if git reads it. */
export async function ownershipProblem(dir: string): Promise<string | null> {
  const { code, stderr } = await git(dir, ["rev-parse", "--git-dir"]);
  const path = code === 0 ? null : refusedIn(stderr);
  if (path === null) return null;
  const command = `git config --global --add safe.directory ${quoteWords([path])}`;
  return `git refuses to read \`${path}\`, which another user owns: if you trust it, run \`${command}\``;
}

/** The repository that git refused; null if it failed for another reason. */
function refusedIn(stderr: string): string | null {
  return /detected dubious ownership in repository at '(.+)'$/m.exec(stderr)?.[1] ?? null;
}

/** The `.git` folder that all worktrees of a repository share, by its real path; null outside of any repository. */
export async function commonDirectory(folder: string): Promise<string | null> {
  const path = await gitText(folder, ["rev-parse", "--git-common-dir"]);
  return path === null ? null : realPath(resolve(folder, path));
}

/**
 * Whether git tracks a file, or any file in a folder. The second attempt ignores the repository's own configuration of
 * where its worktree is.
 */
export async function isTracked(root: string, path: string): Promise<boolean> {
  for (const worktree of [[], [`--work-tree=${root}`]]) {
    const { code } = await git(root, [...worktree, "ls-files", "--error-unmatch", "--", path]);
    if (code === 0) return true;
  }
  return false;
}

/**
 * Arguments before a git command that disable the filters of the repository's own configuration; those of the user's
 * configuration (Git LFS) still run. Reading a worktree runs the filters that `.gitattributes` names, and every clone
 * contains that file. The configuration defines what these filters execute; a copied folder or an unpacked archive
 * contains it.
 */
export async function disableLocalFilters(dir: string): Promise<string[]> {
  const settings = new Set<string>();
  // `--worktree` reads the configuration of a linked worktree. In other repositories it repeats `--local`, or fails.
  for (const scope of ["--local", "--worktree"]) {
    const query = ["config", scope, "--includes", "-z", "--name-only", "--get-regexp", "^filter\\."];
    for (const key of (await gitFields(dir, query)) ?? []) {
      // `filter.<name>.<variable>`, where the name may be anything.
      const filter = key.slice(0, key.lastIndexOf("."));
      // Git would end the name at the `=`, so the filter would stay enabled.
      if (filter.includes("=")) {
        throw new ExpectedError("the repository configures a filter whose name contains `=`", {
          hint: "check `.git/config`: such a name is likely malicious",
        });
      }
      for (const command of ["clean", "smudge", "process"]) settings.add(`${filter}.${command}=`);
      settings.add(`${filter}.required=false`);
    }
  }
  return [...settings].flatMap((setting) => ["-c", setting]);
}
