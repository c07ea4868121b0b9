// Linked worktrees, as git's own files describe them: `.git` of a linked worktree is a file that names its folder in
// `.git/worktrees/` of the repository, and that folder names the worktree.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { ifReadable } from "./errors.ts";
import { isSameFolder } from "./folder-identity.ts";
import { realPath } from "./paths.ts";

const MAX_FILE_BYTES = 8_192;
const MAX_WORKTREES = 1_000;

export interface LinkedWorktree {
  root: string;
  /** The `.git` folder of the repository. */
  commonDirectory: string;
}

/** The linked worktree with this top level; null for a main checkout, a submodule and any other folder. */
export function linkedWorktree(root: string): LinkedWorktree | null {
  const pointer = smallFile(join(root, ".git"));
  const target = /^gitdir: (.+)$/m.exec(pointer ?? "")?.[1];
  if (target === undefined) return null;
  const directory = resolve(root, target);
  const common = smallFile(join(directory, "commondir"))?.trim();
  // Both sides must name each other: anybody may write a `.git` file that names a folder elsewhere.
  const back = smallFile(join(directory, "gitdir"))?.trim();
  if (!common || !back || !isSameFolder(dirname(resolve(directory, back)), root)) return null;
  const commonDirectory = ifReadable(() => realPath(resolve(directory, common)));
  if (commonDirectory === null || !isSameFolder(dirname(directory), join(commonDirectory, "worktrees"))) return null;
  return { root, commonDirectory };
}

/** The linked worktrees that a repository lists, also those whose folders are gone. */
export function listedWorktrees(commonDirectory: string): string[] {
  const folder = join(commonDirectory, "worktrees");
  const names = ifReadable(() => (existsSync(folder) ? readdirSync(folder) : [])) ?? [];
  return names.slice(0, MAX_WORKTREES).flatMap((name) => {
    const path = smallFile(join(folder, name, "gitdir"))?.trim();
    return path ? [dirname(resolve(folder, name, path))] : [];
  });
}

/** The main checkout of a repository; null if it is bare. */
export function mainCheckout(commonDirectory: string): string | null {
  return basename(commonDirectory) === ".git" ? dirname(commonDirectory) : null;
}

/** The folder that names the repository of a checkout: its main checkout, or the bare repository. */
export function repositoryFolder(root: string): string {
  const common = linkedWorktree(root)?.commonDirectory;
  return common === undefined ? root : (mainCheckout(common) ?? common);
}

function smallFile(path: string): string | null {
  return ifReadable(() => {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() && stats.size <= MAX_FILE_BYTES ? readFileSync(path, "utf8") : null;
  });
}
