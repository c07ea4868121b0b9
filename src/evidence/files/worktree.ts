// The files of a working tree as far as a run touched them: where each came from, and what became of it.
import type { TouchedFiles } from "../evidence.ts";
import { matchEntries } from "../shell/glob-match.ts";
import type { FilePath, StartTree } from "./operations.ts";

/** A file that is there: where it was when the run began (null for a new one), and whether its content changed. */
export interface Present {
  origin: string | null;
  changed: boolean;
  /** What names its content and mode in git, where git had the last word on it. */
  content: string | null;
}

/** Path → what is there now; null for a file that is gone. Paths nobody touched are absent. */
type State = Map<string, Present | null>;

/** A file that nobody found in place. */
export const MADE: Present = { origin: null, changed: true, content: null };

export class Worktree {
  readonly tree: StartTree;
  #work: State = new Map();
  /** What the last commit holds, where it differs from the tree of the start. */
  readonly #head: State = new Map();
  /** Paths outside the tree whose presence at the start was inferred from the first thing done to them. */
  readonly #inferred = new Map<string, boolean>();
  /** What was done since all was committed. */
  readonly #fresh = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #stashes: State[] = [];

  constructor(tree: StartTree) {
    this.tree = tree;
  }

  /** What is at a path now; null for nothing. */
  at(path: string): Present | null {
    return this.#lookup(this.#work, path);
  }

  /** What the last commit has at a path. */
  committed(path: string): Present | null {
    return this.#lookup(this.#head, path);
  }

  put(path: string, present: Present | null): void {
    this.#work.set(path, present);
    this.#fresh.add(path);
  }

  /** Takes what a commit has at a path for what is there. */
  commit(path: string, present: Present | null): void {
    this.#head.set(path, present);
    this.#work.set(path, present);
  }

  /** Takes all that is there for committed: where nobody tells what a commit holds. */
  commitAll(): void {
    for (const path of this.#fresh) {
      const present = this.#work.get(path);
      if (present !== undefined) this.#head.set(path, present);
    }
    this.#fresh.clear();
  }

  /** Whether a commit of the run had the last word on the path. */
  isCommitted(path: string): boolean {
    return this.#head.has(path) && this.#head.get(path) === this.#work.get(path);
  }

  /** Whether anything was done to the path in this run. */
  isTouched(path: string): boolean {
    return this.#work.has(path);
  }

  touchedPaths(): string[] {
    return [...this.#work.keys()];
  }

  /** What the first thing done to a path tells of the time before; what is known already stays. */
  infer(path: string, started: boolean): void {
    if (!this.#inferred.has(path) && this.tree.has(path) !== true) this.#inferred.set(path, started);
  }

  /** Found in place when the run came to it, though git's tree does not have it. */
  wasFound(path: string): boolean {
    return this.tree.has(path) === false && this.#inferred.get(path) === true;
  }

  /** A file that must have been there, by what was done to it. */
  found(path: string): Present {
    // Who changes or moves a file that is gone has made it again.
    if (this.#work.has(path)) return MADE;
    this.infer(path, true);
    return { origin: path, changed: false, content: this.tree.content(path) };
  }

  /** A folder that is there, and those it lies in. */
  addFolder(path: string): void {
    const parts = path.split("/").filter((part) => part !== "");
    for (let depth = 1; depth <= parts.length; depth++) this.#folders.add(parts.slice(0, depth).join("/"));
  }

  isFolder(path: string): boolean {
    return this.at(path) === null && (this.#folders.has(path) || this.under(path).length > 0);
  }

  /** The files now in a folder, its subfolders included. */
  under(folder: string): string[] {
    const files = this.tree.under(folder).filter((path) => !this.#work.has(path));
    for (const [path, present] of this.#work) {
      if (present !== null && path !== folder && isWithin(path, folder)) files.push(path);
    }
    return files;
  }

  /** The paths a command's word stands for. */
  expand({ path, glob }: FilePath): string[] {
    if (glob === undefined) return [path];
    const folder = path.split("/").slice(0, -glob.length).join("/");
    const entries = matchEntries(path, glob, this.under(folder));
    if (entries.length > 0) return entries;
    // A pattern that matches nothing is a name: `app/[id]/page.tsx`.
    return this.at(path) === null ? [] : [path];
  }

  /** Back to the last commit, where that has the file; a new file stays. */
  restore(path: string): void {
    const committed = this.#head.get(path);
    const started = this.tree.has(path) ?? this.#inferred.get(path) === true;
    if (committed === undefined ? started : committed !== null) this.reset(path);
  }

  /** As the last commit has it, or as nobody touched it. */
  reset(path: string): void {
    const committed = this.#head.get(path);
    if (committed === undefined) this.#work.delete(path);
    else this.#work.set(path, committed);
  }

  /** Whether git knows the path: `git clean` leaves it alone. */
  isTracked(path: string): boolean {
    const committed = this.#head.get(path);
    return committed === undefined ? this.tree.has(path) === true : committed !== null;
  }

  stash(): void {
    this.#stashes.push(new Map(this.#work));
    for (const path of this.touchedPaths()) this.restore(path);
  }

  unstash(): void {
    this.#work = this.#stashes.pop() ?? this.#work;
    for (const path of this.#work.keys()) this.#fresh.add(path);
  }

  /** As git would say it: a path that was there and is there is modified, whatever became of it in between. */
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

  /** The same in a row, in the order in which they were first touched; a file that moved is where it is now. */
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

  /** What became of a path; null where it is as it was. */
  #outcomeOf(path: string, present: Present | null): "created" | "modified" | "deleted" | { from: string } | null {
    const started = this.#startedWith(path) === true;
    if (present === null) return started ? "deleted" : null;
    if (started) return this.#differs(path, present) ? "modified" : null;
    if (present.origin === null || this.at(present.origin) !== null) return "created";
    return { from: present.origin };
  }

  /** Whether a path that was there holds something else now; commits that take each other back leave it as it was. */
  #differs(path: string, present: Present): boolean {
    const before = this.tree.content(path);
    if (present.content !== null && before !== null) return present.content !== before;
    return present.origin !== path || present.changed;
  }

  #lookup(state: State, path: string): Present | null {
    const known = state.get(path);
    if (known !== undefined) return known;
    return this.#startedWith(path) === true ? { origin: path, changed: false, content: this.tree.content(path) } : null;
  }

  #startedWith(path: string): boolean | null {
    return this.#inferred.get(path) ?? this.tree.has(path);
  }
}

/** Whether a path is a folder or in it; the empty path is the project. */
export function isWithin(path: string, folder: string): boolean {
  if (folder === "" || folder === "." || path === folder) return true;
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
