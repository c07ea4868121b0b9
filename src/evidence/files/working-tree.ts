// The files of a working tree that a run touched: where each file came from, and how it changed.
import type { TouchedFiles } from "../evidence.ts";
import { matchEntries } from "../shell/glob-match.ts";
import type { FilePath, StartTree } from "./operations.ts";

/** A file that exists. */
export interface FileState {
  /** The file's path when the run began; null for a new file. */
  origin: string | null;
  changed: boolean;
  /** Its mode and object in git, if a commit changed it last. */
  content: string | null;
}

/** The current state by path; null for a deleted file. Untouched paths are absent. */
type State = Map<string, FileState | null>;

export const NEW_FILE: FileState = { origin: null, changed: true, content: null };

export class WorkingTree {
  readonly tree: StartTree;
  #work: State = new Map();
  /** The paths whose state in the last commit differs from the tree at the start. */
  readonly #head: State = new Map();
  /** Whether paths outside the tree existed at the start, inferred from the first operation on them. */
  readonly #inferred = new Map<string, boolean>();
  /** The paths touched since the last `commitAll`. */
  readonly #uncommitted = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #stashes: State[] = [];

  constructor(tree: StartTree) {
    this.tree = tree;
  }

  /** The current state of a path; null for no file. */
  at(path: string): FileState | null {
    return this.#lookup(this.#work, path);
  }

  /** The state of a path in the last commit. */
  committed(path: string): FileState | null {
    return this.#lookup(this.#head, path);
  }

  put(path: string, present: FileState | null): void {
    this.#work.set(path, present);
    this.#uncommitted.add(path);
  }

  /** Sets the state of a path in both the last commit and the working tree. */
  commit(path: string, present: FileState | null): void {
    this.#head.set(path, present);
    this.#work.set(path, present);
  }

  /** Treats every file as committed; for a commit with unknown files. */
  commitAll(): void {
    for (const path of this.#uncommitted) {
      const present = this.#work.get(path);
      if (present !== undefined) this.#head.set(path, present);
    }
    this.#uncommitted.clear();
  }

  /** Whether a commit of the run was the last to change the path. */
  isCommitted(path: string): boolean {
    return this.#head.has(path) && this.#head.get(path) === this.#work.get(path);
  }

  /** Whether the run changed the path in any way. */
  isTouched(path: string): boolean {
    return this.#work.has(path);
  }

  touchedPaths(): string[] {
    return [...this.#work.keys()];
  }

  /** Records whether a path existed at the start, unless that is known already. */
  infer(path: string, existed: boolean): void {
    if (!this.#inferred.has(path) && this.tree.has(path) !== true) this.#inferred.set(path, existed);
  }

  /** Whether an untracked file existed before the run touched it. */
  wasFound(path: string): boolean {
    return this.tree.has(path) === false && this.#inferred.get(path) === true;
  }

  /** Adds a file that must have existed, because an operation changed it. */
  assumeExisting(path: string): FileState {
    // A deleted file that is changed or moved was created again.
    if (this.#work.has(path)) return NEW_FILE;
    this.infer(path, true);
    return { origin: path, changed: false, content: this.tree.content(path) };
  }

  /** Adds a folder and its parents. */
  addFolder(path: string): void {
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = 1; depth <= parts.length; depth++) this.#folders.add(parts.slice(0, depth).join("/"));
  }

  isFolder(path: string): boolean {
    return this.at(path) === null && (this.#folders.has(path) || this.under(path).length > 0);
  }

  /** The files in a folder now, its subfolders included. */
  under(folder: string): string[] {
    const files = this.tree.under(folder).filter((path) => !this.#work.has(path));
    for (const [path, present] of this.#work) {
      if (present !== null && path !== folder && isWithin(path, folder)) files.push(path);
    }
    return files;
  }

  /** The paths that a word of a command names. */
  expand({ path, glob }: FilePath): string[] {
    if (glob === undefined) return [path];
    const folder = path.split("/").slice(0, -glob.length).join("/");
    const entries = matchEntries(path, glob, this.under(folder));
    if (entries.length > 0) return entries;
    // A pattern without a match is a file name: `app/[id]/page.tsx`.
    return this.at(path) === null ? [] : [path];
  }

  /** Restores the file of the last commit; a file that is not in it stays. */
  restore(path: string): void {
    const committed = this.#head.get(path);
    const existed = this.tree.has(path) ?? this.#inferred.get(path) === true;
    if (committed === undefined ? existed : committed !== null) this.reset(path);
  }

  /** Restores the file of the last commit of the run, else that at the start. */
  reset(path: string): void {
    const committed = this.#head.get(path);
    if (committed === undefined) this.#work.delete(path);
    else this.#work.set(path, committed);
  }

  /** Whether git tracks the path: `git clean` skips it. */
  isTracked(path: string): boolean {
    const committed = this.#head.get(path);
    return committed === undefined ? this.tree.has(path) === true : committed !== null;
  }

  /** `untracked`: new files are stashed too. */
  stash(untracked: boolean): void {
    this.#stashes.push(new Map(this.#work));
    for (const path of this.touchedPaths()) {
      this.restore(path);
      const isNew = !this.isTracked(path) && this.#inferred.get(path) !== true;
      if (untracked && isNew && this.at(path) !== null) this.put(path, null);
    }
  }

  unstash(): void {
    this.#work = this.#stashes.pop() ?? this.#work;
    for (const path of this.#work.keys()) this.#uncommitted.add(path);
  }

  /** The files as git would report them: a path that existed at the start and exists now is modified, whatever came between. */
  touched(): TouchedFiles {
    const created: string[] = [];
    const modified: string[] = [];
    const deleted = new Set<string>();
    const moved: TouchedFiles["moved"] = [];
    for (const [path, present] of this.#work) {
      const outcome = this.#outcomeOf(path, present);
      if (outcome === "created") created.push(path);
      else if (outcome === "modified") modified.push(path);
      else if (outcome === "deleted") deleted.add(path);
      else if (outcome !== null) moved.push({ from: outcome.from, to: path });
    }
    for (const { from } of moved) deleted.delete(from);
    moved.sort((a, b) => (a.from < b.from ? -1 : 1));
    return { created: created.sort(), modified: modified.sort(), deleted: [...deleted].sort(), moved };
  }

  /** The changed paths in the order they were first touched; a moved file has its new path. */
  changed(): string[] {
    const changed = new Set<string>();
    const gone: string[] = [];
    for (const [path, present] of this.#work) {
      const outcome = this.#outcomeOf(path, present);
      if (outcome === null) continue;
      changed.add(path);
      if (typeof outcome === "object") gone.push(outcome.from);
    }
    for (const path of gone) changed.delete(path);
    return [...changed];
  }

  /** What happened to a path; null for no change. */
  #outcomeOf(path: string, present: FileState | null): "created" | "modified" | "deleted" | { from: string } | null {
    const existed = this.#existed(path) === true;
    if (present === null) return existed ? "deleted" : null;
    if (existed) return this.#differs(path, present) ? "modified" : null;
    if (present.origin === null || this.at(present.origin) !== null) return "created";
    return { from: present.origin };
  }

  /** Whether a path that existed differs now; a change that was committed and reverted leaves it unchanged. */
  #differs(path: string, present: FileState): boolean {
    const before = this.tree.content(path);
    if (present.content !== null && before !== null) return present.content !== before;
    return present.origin !== path || present.changed;
  }

  #lookup(state: State, path: string): FileState | null {
    const known = state.get(path);
    if (known !== undefined) return known;
    return this.#existed(path) === true ? { origin: path, changed: false, content: this.tree.content(path) } : null;
  }

  #existed(path: string): boolean | null {
    return this.#inferred.get(path) ?? this.tree.has(path);
  }
}

/** Whether a path is a folder or in it; the empty string is the project root. */
export function isWithin(path: string, folder: string): boolean {
  if (folder === "" || folder === "." || path === folder) return true;
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
