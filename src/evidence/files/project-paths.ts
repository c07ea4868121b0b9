// Where the paths of a log lie in the project at hand. The log may come from another machine, another clone or another
// worktree: its own folder need not exist here.
import { realpath, stat } from "node:fs/promises";
import { posix } from "node:path";
import type { SessionHead } from "../../agents/session-head.ts";
import { hasCode } from "../../system/errors.ts";
import { gitText } from "../../system/git.ts";
import { TOP_LEVEL } from "../shell/words.ts";

/**
 * A place in the project (relative, POSIX), or one outside of it: `~/…` or absolute. `elsewhere`: surely in another work
 * tree or clone than the one at hand.
 */
export type Place = { inside: string; elsewhere?: boolean } | { outside: string };

export interface PathContext {
  head: SessionHead;
  root: string;
  home: string;
  /** Absolute folders that commands and edits of the log ran in. */
  folders: Iterable<string>;
}

/** More folders than this are not looked up on disk. */
const MAX_FOLDERS = 64;

export class ProjectPaths {
  readonly #cwd: string | null;
  readonly #root: string;
  readonly #roots: readonly string[];
  readonly #elsewhere: ReadonlySet<string>;
  readonly #logHome: string;
  readonly #homes: readonly string[];

  private constructor(cwd: string | null, root: string, roots: Roots, logHome: string, home: string) {
    this.#cwd = cwd;
    this.#root = root;
    // The deepest folder wins: a worktree may lie inside the repository.
    this.#roots = [...roots.here, ...roots.elsewhere].sort((a, b) => b.length - a.length);
    this.#elsewhere = roots.elsewhere;
    this.#logHome = logHome;
    this.#homes = [...new Set([logHome, trimSlash(home)])].filter((path) => path.length > 1);
  }

  static async open({ head, root, home, folders }: PathContext): Promise<ProjectPaths> {
    const realRoot = await realpath(root);
    const here = new Set([trimSlash(root), realRoot].flatMap(aliases));
    const elsewhere = new Set<string>();
    let lookups = 0;
    for (const folder of head.cwd === null ? folders : [head.cwd, ...folders]) {
      const path = trimSlash(posix.normalize(folder));
      if (!posix.isAbsolute(path)) continue;
      const [tree = "", repository = ""] = OWN_WORKTREE.exec(path) ?? [];
      const isOwn = tree !== "" && !here.has(tree) && (here.has(repository) || path === startOf(head.cwd));
      if (isOwn) for (const alias of aliases(tree)) elsewhere.add(alias);
      if ([...here, ...elsewhere].some((known) => isWithin(path, known))) continue;
      if (++lookups > MAX_FOLDERS) break;
      const { roots, isElsewhere } = await rootsOf(path, realRoot, head);
      for (const alias of roots.flatMap(aliases)) (isElsewhere ? elsewhere : here).add(alias);
    }
    const logHome = /^(?:\/(?:home|Users)\/[^/]+|\/root)(?=\/|$)/.exec(head.cwd ?? "")?.[0] ?? trimSlash(home);
    return new ProjectPaths(head.cwd, realRoot, { here, elsewhere }, logHome, home);
  }

  /** Where a path of the log lies. */
  locate(path: string): Place {
    let absolute = path;
    if (path === "~" || path.startsWith("~/")) absolute = this.#logHome + path.slice(1);
    else if (!posix.isAbsolute(path)) {
      // A log that names no folder speaks of the project's root.
      absolute = posix.join(this.#cwd ?? this.#root, path);
    }
    absolute = trimSlash(posix.normalize(absolute));
    const top = absolute.indexOf(`/${TOP_LEVEL}`);
    if (top !== -1) {
      const place = this.locate(absolute.slice(0, top) || "/");
      return "inside" in place ? { inside: absolute.slice(top + TOP_LEVEL.length + 2) } : place;
    }
    for (const root of this.#roots) {
      if (!isWithin(absolute, root)) continue;
      const inside = absolute.slice(root.length + 1);
      return this.#elsewhere.has(root) ? { inside, elsewhere: true } : { inside };
    }
    for (const home of this.#homes) if (isWithin(absolute, home)) return { outside: `~${absolute.slice(home.length)}` };
    return { outside: absolute };
  }
}

interface Roots {
  /** Folders that stand for the project's root. */
  here: ReadonlySet<string>;
  /** Those of other work trees and clones. */
  elsewhere: ReadonlySet<string>;
}

/** Where `claude --worktree` makes its work trees, in the repository; they may be gone when its log is read. */
const OWN_WORKTREE = /^(.+?)\/\.claude\/worktrees\/[^/]+(?=\/|$)/;

/** The folder a session began in, as others are compared with it. */
function startOf(cwd: string | null): string {
  return trimSlash(posix.normalize(cwd ?? ""));
}

/** The folders that stand for the project's root where the log has this one. */
async function rootsOf(
  folder: string,
  realRoot: string,
  head: SessionHead,
): Promise<{ roots: string[]; isElsewhere: boolean }> {
  const isStart = folder === startOf(head.cwd);
  const here = await realFolder(folder);
  if (here !== null) {
    if (isWithin(here, realRoot)) return { roots: spellings(folder, here, realRoot), isElsewhere: false };
    const top = await gitText(here, ["rev-parse", "--show-toplevel"]);
    if (top !== null && top !== "") {
      const ours = isStart || (await commonDirectory(top)) === (await commonDirectory(realRoot));
      return { roots: ours ? spellings(folder, here, top) : [], isElsewhere: true };
    }
    // A session begun above the project: its paths lead into the project by themselves.
    if (isWithin(realRoot, here)) return { roots: [], isElsewhere: false };
  }
  // What is not on this machine may be the tree at hand by another name.
  return { roots: await rootsByName(folder, isStart, realRoot, head), isElsewhere: false };
}

/** The folders that must be the project's root on the machine of the log. */
async function rootsByName(
  folder: string,
  isStart: boolean,
  realRoot: string,
  { git }: SessionHead,
): Promise<string[]> {
  const names = [posix.basename(realRoot), remoteName(git.repositoryUrl)];
  const ancestors = ancestorsOf(folder);
  const namesakes = ancestors.filter((ancestor) => names.includes(posix.basename(ancestor)));
  for (const ancestor of namesakes) {
    if ((await realFolder(posix.join(realRoot, folder.slice(ancestor.length)))) !== null) return [ancestor];
  }
  if (namesakes[0] !== undefined) return [namesakes[0]];
  if (!isStart) return [];
  for (const ancestor of ancestors.slice(0, -1)) {
    if ((await realFolder(posix.join(realRoot, folder.slice(ancestor.length)))) !== null) return [ancestor];
  }
  return [folder];
}

/** The root as git spells it, and as the log does: the folder may lie behind a symbolic link. */
function spellings(folder: string, here: string, top: string): string[] {
  const rest = here.slice(top.length);
  return folder.endsWith(rest) ? [top, folder.slice(0, folder.length - rest.length)] : [top];
}

/** The same for all worktrees of a repository. */
async function commonDirectory(folder: string): Promise<string | null> {
  const path = await gitText(folder, ["rev-parse", "--git-common-dir"]);
  return path === null ? null : await realFolder(posix.resolve(folder, path));
}

/** The folder's real path; null where there is none. */
async function realFolder(path: string): Promise<string | null> {
  try {
    return (await stat(path)).isDirectory() ? await realpath(path) : null;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG", "ERR_INVALID_ARG_VALUE")) return null;
    throw error;
  }
}

/** `git@host:acme/shop.git` → `shop`. */
function remoteName(url: string | null): string | null {
  return /([^/:]+?)(?:\.git)?\/?$/.exec(url ?? "")?.[1] ?? null;
}

/** From the top down, the path itself last. */
function ancestorsOf(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/** macOS has `/tmp` and `/var` behind `/private`, and programs disagree on which to print. */
function aliases(path: string): string[] {
  if (path.startsWith("/private/")) return [path, path.slice("/private".length)];
  return /^\/(tmp|var)\//.test(path) ? [path, `/private${path}`] : [path];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
