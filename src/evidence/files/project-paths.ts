// Maps the paths of a log to paths in the current project. The log may come from another machine, clone or worktree: its
// folder may not exist here.
import { realpath, stat } from "node:fs/promises";
import { posix } from "node:path";
import { AGENTS } from "../../agents/registry.ts";
import type { SessionHead } from "../../agents/session-head.ts";
import { hasCode } from "../../system/errors.ts";
import { isSameFolder, spellingOf } from "../../system/folder-identity.ts";
import { commonDirectory, gitText } from "../../system/git.ts";
import { linkedWorktree, listedWorktrees } from "../../system/worktrees.ts";
import type { Checkout } from "../git/checkouts.ts";
import { splitAtTopLevel } from "../shell/words.ts";
import type { Grade, Operation } from "./operations.ts";
import { isWithin } from "./working-tree.ts";

/**
 * A path in the project (relative, POSIX), or outside of it: `~/…` or absolute. `otherCheckout`: surely in another
 * worktree or clone than the current one.
 */
export type ProjectPath = { inside: string; otherCheckout?: boolean } | { outside: string };

export type Locate = (path: string) => ProjectPath;

export interface PathContext {
  head: SessionHead;
  root: string;
  home: string;
  /** Absolute folders that commands and edits of the log ran in. */
  folders: Iterable<string>;
  /** The worktrees that the log's commands made, and the folders that they renamed. */
  checkouts?: readonly Checkout[];
  /** Absolute folders in which the log made commits that the repository has. */
  committedIn?: readonly string[];
}

/** The most folders that are looked up on disk. */
const MAX_LOOKUPS = 64;

export class ProjectPaths {
  readonly #cwd: string | null;
  readonly #root: string;
  readonly #roots: readonly string[];
  readonly #otherRoots: ReadonlySet<string>;
  readonly #logHome: string;
  readonly #homes: readonly string[];

  private constructor(cwd: string | null, root: string, roots: Roots, logHome: string, home: string) {
    this.#cwd = cwd;
    this.#root = root;
    // The deepest folder comes first: a worktree may be inside the repository.
    this.#roots = [...roots.here, ...roots.other].sort((a, b) => b.length - a.length);
    this.#otherRoots = roots.other;
    this.#logHome = logHome;
    this.#homes = [...new Set([logHome, trimSlash(home)])].filter((path) => path.length > 1);
  }

  static async open(context: PathContext): Promise<ProjectPaths> {
    const { head, root, home, folders, checkouts = [], committedIn = [] } = context;
    const realRoot = await realpath(root);
    const here = new Set([trimSlash(root), realRoot].flatMap(aliases));
    const other = new Set<string>();
    const isKnown = (path: string) => [...here, ...other].some((known) => isWithin(path, known));
    const add = (roots: readonly string[], to: Set<string>) => {
      for (const alias of roots.flatMap(aliases)) if (!here.has(alias)) to.add(alias);
    };
    let lookups = 0;
    const look = async (folder: string) => {
      const path = trimSlash(posix.normalize(folder));
      if (!posix.isAbsolute(path)) return;
      const [worktree = "", repository = ""] = TOOL_WORKTREE.exec(path) ?? [];
      const isOwn = worktree !== "" && !here.has(worktree) && (here.has(repository) || path === startOf(head.cwd));
      if (isOwn) add([worktree], other);
      if (isKnown(path) || ++lookups > MAX_LOOKUPS) return;
      const { roots, isOther } = await rootsOf(path, realRoot, head);
      add(roots, isOther ? other : here);
    };
    if (head.cwd !== null) await look(head.cwd);
    for (const checkout of checkouts) {
      const { isRenamed } = checkout;
      const [path, of] = [trimSlash(posix.normalize(checkout.path)), trimSlash(posix.normalize(checkout.of))];
      const isOurs = isRenamed ? here.has(of) || other.has(of) : isKnown(of) || (await isCheckoutOf(of, realRoot));
      if (isOurs && (await realFolder(path)) === null) add([path], isRenamed && here.has(of) ? here : other);
    }
    for (const worktree of await goneWorktrees(realRoot)) add([worktree], other);
    for (const folder of folders) await look(folder);
    for (const folder of committedIn) {
      const path = trimSlash(posix.normalize(folder));
      if (posix.isAbsolute(path) && !isKnown(path)) add(await goneCheckout(path, realRoot), other);
    }
    const logHome = /^(?:\/(?:home|Users)\/[^/]+|\/root)(?=\/|$)/.exec(head.cwd ?? "")?.[0] ?? trimSlash(home);
    return new ProjectPaths(head.cwd, realRoot, { here, other }, logHome, home);
  }

  /** Returns where a path of the log is. */
  locate(path: string): ProjectPath {
    let absolute = path;
    if (path === "~" || path.startsWith("~/")) absolute = this.#logHome + path.slice(1);
    else if (!posix.isAbsolute(path)) {
      // Without a folder in the log, its paths are relative to the project's root.
      absolute = posix.join(this.#cwd ?? this.#root, path);
    }
    absolute = trimSlash(posix.normalize(absolute));
    const top = splitAtTopLevel(absolute);
    if (top !== null) {
      const folder = this.locate(top.folder);
      return "inside" in folder ? { inside: top.below } : folder;
    }
    for (const root of this.#roots) {
      if (!isWithin(absolute, root)) continue;
      const inside = absolute.slice(root.length + 1);
      return this.#otherRoots.has(root) ? { inside, otherCheckout: true } : { inside };
    }
    for (const home of this.#homes) if (isWithin(absolute, home)) return { outside: `~${absolute.slice(home.length)}` };
    return { outside: absolute };
  }

  /** The path as shown to people: relative to the project, from `~`, or absolute. */
  display(path: string): string {
    const located = this.locate(path);
    return "inside" in located ? located.inside : located.outside;
  }
}

/**
 * The operation with paths in the project. Changes by commands outside of the project and all changes in `.git` are
 * ignored; edits outside of the project are kept.
 */
export function inProject(operation: Operation, grade: Grade, locate: Locate): Operation[] {
  const at = (path: string): string | null => {
    const located = locate(path);
    if ("outside" in located) return grade === "edit" ? located.outside : null;
    const inside = path.endsWith("/") && located.inside !== "" ? `${located.inside}/` : located.inside;
    return /^\.git(\/|$)/.test(inside) ? null : inside;
  };
  switch (operation.kind) {
    case "stash":
    case "unstash":
      return [operation];
    case "restore":
    case "clean":
    case "folder": {
      if (operation.path === null) return [operation];
      const path = at(operation.path);
      return path === null ? [] : [{ ...operation, path }];
    }
    case "move":
    case "copy": {
      const from = at(operation.from.path);
      // The project's own folder is an empty path.
      const to = at(operation.to) || (at(operation.to) === "" ? "./" : null);
      if (from && to !== null) return [{ ...operation, from: { ...operation.from, path: from }, to }];
      if (to !== null) return moveFromOutside(operation, to);
      if (!from || operation.kind === "copy") return [];
      return [{ kind: "delete", ...operation.from, path: from, recursive: true, forced: false }];
    }
    default: {
      const path = at(operation.path);
      return path ? [{ ...operation, path }] : [];
    }
  }
}

/** A file moved or copied from outside of the project; the files of a folder are unknown. */
function moveFromOutside(operation: Operation & { kind: "move" | "copy" }, to: string): Operation[] {
  const name = posix.basename(operation.from.path);
  if (operation.from.glob !== undefined || (operation.kind === "copy" && operation.recursive)) return [];
  if (operation.kind === "move" && !/.\.\w+$/.test(name)) return [];
  return [{ kind: "copy", from: { path: `/${name}` }, to, recursive: false }];
}

interface Roots {
  /** Folders that are the project's root. */
  here: ReadonlySet<string>;
  /** Roots of other worktrees and clones. */
  other: ReadonlySet<string>;
}

/** A worktree that a tool created in the repository. It may be gone when the log is read. */
const TOOL_WORKTREE = new RegExp(
  `^(.+?)/(?:${AGENTS.flatMap(({ worktreesFolder = [] }) => worktreesFolder)
    .join("|")
    .replaceAll(".", "\\.")})/[^/]+(?=/|$)`,
);

/** The folder a session began in, normalized. */
function startOf(cwd: string | null): string {
  return trimSlash(posix.normalize(cwd ?? ""));
}

/** The folders that are the project's root where the log has this one. */
async function rootsOf(
  folder: string,
  realRoot: string,
  head: SessionHead,
): Promise<{ roots: string[]; isOther: boolean }> {
  const isStart = folder === startOf(head.cwd);
  const here = await realFolder(folder);
  if (here !== null) {
    if (isWithin(here, realRoot)) return { roots: spellings(folder, here, realRoot), isOther: false };
    const spelling = spellingOf(realRoot, here);
    if (spelling !== null) return { roots: spellings(folder, here, spelling), isOther: false };
    const top = await gitText(here, ["rev-parse", "--show-toplevel"]);
    if (top !== null && top !== "") {
      const ours = isStart || (await isCheckoutOf(top, realRoot));
      return { roots: ours ? spellings(folder, here, top) : [], isOther: true };
    }
    // A session started above the project: its paths are in the project anyway.
    if (isWithin(realRoot, here)) return { roots: [], isOther: false };
  }
  // A folder that is not on this machine may be the project under another name.
  return { roots: await rootsByName(folder, isStart, realRoot, head), isOther: false };
}

/** The folders that were most likely the project's root on the machine where the log was written. */
async function rootsByName(
  folder: string,
  isStart: boolean,
  realRoot: string,
  { git }: SessionHead,
): Promise<string[]> {
  const names = [posix.basename(realRoot), remoteName(git.repositoryUrl)];
  const ancestors = ancestorsOf(folder);
  const hasRest = async (ancestor: string) =>
    (await realFolder(posix.join(realRoot, folder.slice(ancestor.length)))) !== null;
  const namesakes = ancestors.filter((ancestor) => names.includes(posix.basename(ancestor)));
  for (const ancestor of namesakes) if (await hasRest(ancestor)) return [ancestor];
  if (namesakes[0] !== undefined) return [namesakes[0]];
  if (!isStart) return [];
  for (const ancestor of ancestors.slice(0, -1)) if (await hasRest(ancestor)) return [ancestor];
  return [folder];
}

/** The root as git spells it, and as the log does: the folder may be behind a symbolic link. */
function spellings(folder: string, here: string, top: string): string[] {
  const rest = here.slice(top.length);
  return folder.endsWith(rest) ? [top, folder.slice(0, folder.length - rest.length)] : [top];
}

/** Whether an existing folder belongs to the repository of the project. */
async function isCheckoutOf(folder: string, realRoot: string): Promise<boolean> {
  const [one, other] = await Promise.all([commonDirectory(folder), commonDirectory(realRoot)]);
  return one !== null && other !== null && isSameFolder(one, other);
}

/** The worktrees that git still lists although their folders are gone. */
async function goneWorktrees(realRoot: string): Promise<string[]> {
  const common = linkedWorktree(realRoot)?.commonDirectory ?? posix.join(realRoot, ".git");
  const gone: string[] = [];
  for (const path of listedWorktrees(common)) if ((await realFolder(path)) === null) gone.push(path);
  return gone;
}

/**
 * The top level of a checkout that is gone, by a folder in it: the highest missing folder below which the project has the
 * same folders.
 */
async function goneCheckout(folder: string, realRoot: string): Promise<string[]> {
  for (const ancestor of ancestorsOf(folder)) {
    if ((await realFolder(ancestor)) !== null) continue;
    if ((await realFolder(posix.join(realRoot, folder.slice(ancestor.length)))) !== null) return [ancestor];
  }
  return [];
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

/** The ancestors of a path from the top down, the path itself last. */
function ancestorsOf(path: string): string[] {
  const parts = path.split("/").slice(1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

/** macOS has `/tmp` and `/var` as links into `/private`, and programs print either path. */
function aliases(path: string): string[] {
  if (path.startsWith("/private/")) return [path, path.slice("/private".length)];
  return /^\/(tmp|var)\//.test(path) ? [path, `/private${path}`] : [path];
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path;
}
