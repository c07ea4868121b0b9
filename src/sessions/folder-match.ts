// Whether a session worked in a folder: by real path, in its project, or in a copy of its repository.
import { realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { hasCode } from "../system/errors.ts";
import { git, gitFields } from "../system/git.ts";

/**
 * Why a session belongs to a folder: it started in that folder, in its project, or at a commit that both repositories
 * contain.
 */
export const FOLDER_RULES = ["cwd", "project-root", "repository"] as const;
export type FolderRule = (typeof FOLDER_RULES)[number];

/** Matches folders by their real paths, which are cached because hundreds of logs share a few folders. */
export class FolderMatcher {
  readonly #real = new Map<string, Promise<string>>();

  /** The real path; the path itself if it no longer exists. */
  real(path: string): Promise<string> {
    let real = this.#real.get(path);
    if (real === undefined) {
      real = realpath(path).catch((error: unknown) => {
        if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG")) return resolve(path);
        throw error;
      });
      this.#real.set(path, real);
    }
    return real;
  }

  /** The rule by which a folder belongs to `cwd` or its project's roots; null if it does not. */
  async ruleOf(folder: string | null, cwd: string, roots: readonly string[]): Promise<FolderRule | null> {
    if (folder === null) return null;
    const real = await this.real(folder);
    if (real === (await this.real(cwd))) return "cwd";
    const inside = await Promise.all(roots.map(async (root) => isInside(real, await this.real(root))));
    return inside.includes(true) ? "project-root" : null;
  }
}

/** The project root and the other worktrees of its repository. */
export async function worktreesOf(root: string): Promise<string[]> {
  const fields = (await gitFields(root, ["worktree", "list", "--porcelain", "-z"])) ?? [];
  const paths = fields.flatMap((field) => (field.startsWith("worktree ") ? [field.slice("worktree ".length)] : []));
  return [...new Set([root, ...paths])];
}

/** Which of the commits exist in the repository. */
export async function knownCommits(root: string, commits: readonly string[]): Promise<Set<string>> {
  // Only what looks like a commit hash is passed to git.
  const names = [...new Set(commits.filter((commit) => /^[\da-f]{40}(?:[\da-f]{24})?$/.test(commit)))];
  if (names.length === 0) return new Set();
  const result = await git(root, ["cat-file", "--batch-check"], `${names.join("\n")}\n`);
  if (result.code !== 0) return new Set();
  const found = result.stdout.split("\n").flatMap((line) => /^([\da-f]{40,64}) commit /.exec(line)?.[1] ?? []);
  return new Set(found);
}

function isInside(path: string, root: string): boolean {
  const inner = relative(root, path);
  return inner === "" || (inner !== ".." && !inner.startsWith(`..${sep}`) && !isAbsolute(inner));
}
