// Folds the file operations of a run into its result: what is created, modified, deleted or moved when it is over.
import { posix } from "node:path";
import type { TouchedFiles } from "../evidence.ts";
import type { CommitChange, FilePath, Grade, Operation, StartTree, Step } from "./operations.ts";
import { type FileState, isWithin, NEW_FILE, Worktree } from "./worktree.ts";

/**
 * Folds the steps of a run. `isUnstageable`: whether `git add -A` skips a path, because it is ignored or in a submodule.
 * `grades` has the best grade of the operations on each path.
 */
export function foldFiles(
  steps: readonly Step[],
  tree: StartTree,
  isUnstageable?: (path: string) => boolean,
): { touched: TouchedFiles; grades: ReadonlyMap<string, Grade> } {
  const fold = new FileFold(tree, isUnstageable);
  for (const step of steps) fold.take(step);
  return { touched: fold.worktree.touched(), grades: fold.grades };
}

export class FileFold {
  readonly worktree: Worktree;
  readonly grades = new Map<string, Grade>();
  readonly #isUnstageable: (path: string) => boolean;
  #staged: { paths: string[]; tracked: boolean } | null = null;

  constructor(tree: StartTree, isUnstageable: (path: string) => boolean = () => false) {
    this.worktree = new Worktree(tree);
    this.#isUnstageable = isUnstageable;
  }

  take(step: Step): void {
    if (step.step === "operation") this.#operate(step.operation, step.grade);
    else if (step.step === "commit") this.#commit(step.changes, step.complete);
    else {
      const paths = this.worktree.touchedPaths().filter((path) => isWithin(path, step.folder));
      this.#staged = { paths, tracked: step.tracked };
    }
  }

  #commit(changes: readonly CommitChange[], complete: boolean): void {
    for (const change of changes) this.#record(change);
    // What `git add -A` staged and is not in the commit was no change in the end.
    if (complete && this.#staged !== null) {
      for (const path of this.#staged.paths) {
        if (this.grades.get(path) === "git" || this.#isUnstageable(path)) continue;
        if (this.worktree.tree.has(path) === null || this.worktree.isCommitted(path)) continue;
        if (!this.#staged.tracked || this.worktree.committed(path) !== null) this.worktree.reset(path);
      }
    }
    this.#staged = null;
  }

  /** After a commit, the worktree has what the commit has. */
  #record({ status, path, from, changed, content }: CommitChange): void {
    const { worktree } = this;
    const present = worktree.committed(path);
    if (status === "A") worktree.commit(path, { ...this.#firstCommitted(path), content });
    else if (status === "R" && from !== null) {
      const moved = worktree.committed(from) ?? worktree.assumeExisting(from);
      worktree.commit(from, null);
      worktree.commit(path, { ...moved, changed: moved.changed || changed, content });
      this.grades.set(from, "git");
    } else {
      if (present === null) worktree.infer(path, true);
      worktree.commit(path, status === "D" ? null : { origin: present?.origin ?? path, changed: true, content });
    }
    this.grades.set(path, "git");
  }

  /** A file that is new to git is new in the run too, unless the run found it there. */
  #firstCommitted(path: string): FileState {
    const origin = this.worktree.at(path)?.origin ?? null;
    if (origin !== null && this.worktree.wasFound(origin)) {
      if (origin !== path && this.worktree.at(origin) === null) this.worktree.commit(origin, null);
      return { ...NEW_FILE, origin };
    }
    this.worktree.infer(path, false);
    return NEW_FILE;
  }

  #operate(operation: Operation, grade: Grade): void {
    const { worktree } = this;
    switch (operation.kind) {
      case "add":
      case "write":
      case "append":
      case "change":
        this.#write(operation.path, operation.kind, grade);
        break;
      case "touch":
        if (worktree.at(operation.path) === null) this.#write(operation.path, "write", grade);
        break;
      case "mode": {
        const content = worktree.at(operation.path)?.content ?? null;
        if (content !== null && content.startsWith("100755") !== operation.executable) {
          this.#write(operation.path, "change", grade);
        }
        break;
      }
      case "folder":
        worktree.addFolder(operation.path);
        break;
      case "delete":
        for (const path of worktree.expand(operation)) this.#delete(path, operation, grade);
        break;
      case "move":
        this.#each(operation, (from, to) => this.#move(from, to, operation.changed, grade));
        break;
      case "copy":
        this.#each(operation, (from, to) => this.#copy(from, to, operation.recursive, grade));
        break;
      case "restore":
        for (const path of worktree.touchedPaths()) if (isWithin(path, operation.path ?? "")) worktree.restore(path);
        break;
      case "reset":
        worktree.reset(operation.path);
        break;
      case "clean":
        for (const path of worktree.touchedPaths()) {
          const isDeleted = isWithin(path, operation.path) && !worktree.isTracked(path) && !this.#isUnstageable(path);
          if (isDeleted && worktree.at(path) !== null) worktree.put(path, null);
        }
        break;
      case "stash":
        worktree.stash();
        break;
      case "unstash":
        worktree.unstash();
    }
  }

  #write(path: string, kind: "add" | "write" | "append" | "change", grade: Grade): void {
    const { worktree } = this;
    const expected = kind === "change" || (kind === "append" && worktree.tree.has(path) !== false);
    const present = worktree.at(path) ?? (expected ? worktree.assumeExisting(path) : null);
    if (present === null) worktree.infer(path, false);
    worktree.put(path, { ...NEW_FILE, origin: present?.origin ?? null });
    this.#grade(path, grade);
  }

  #delete(path: string, { recursive, forced }: { recursive: boolean; forced: boolean }, grade: Grade): void {
    const { worktree } = this;
    const present = worktree.at(path);
    const files = recursive && present === null ? worktree.under(path) : [];
    for (const file of files) this.#remove(file, grade);
    if (files.length > 0) return;
    if (present === null) {
      // `rm -f` succeeds without a file, `rm -r` with an empty folder.
      if (recursive || worktree.isTouched(path)) return;
      if (forced && worktree.tree.has(path) === false) {
        this.#grade(path, grade);
        return;
      }
      worktree.infer(path, true);
    }
    this.#remove(path, grade);
  }

  #remove(path: string, grade: Grade): void {
    this.worktree.put(path, null);
    this.#grade(path, grade);
  }

  /** Calls `take` with each source and its target. In a target folder, which several sources need, names are kept. */
  #each({ from, to }: { from: FilePath; to: string }, take: (from: string, to: string) => void): void {
    const sources = this.worktree.expand(from);
    const intoFolder = sources.length > 1 || to.endsWith("/") || this.worktree.isFolder(to);
    for (const source of sources) take(source, intoFolder ? posix.join(to, posix.basename(source)) : to);
  }

  #move(from: string, to: string, changed: boolean, grade: Grade): void {
    const { worktree } = this;
    if (from === to) return;
    const files = worktree.at(from) === null ? worktree.under(from) : [];
    for (const file of files) this.#moveFile(file, to + file.slice(from.length), changed, grade);
    // An untracked path without extension may be a folder with unknown files.
    const isFolder = grade === "command" && worktree.tree.has(from) === false && posix.extname(from) === "";
    if (files.length === 0 && (worktree.at(from) !== null || !isFolder)) {
      this.#moveFile(from, to, changed, grade);
    }
  }

  #moveFile(from: string, to: string, changed: boolean, grade: Grade): void {
    const present = this.worktree.at(from) ?? this.worktree.assumeExisting(from);
    this.worktree.put(from, null);
    this.worktree.put(to, changed ? { ...NEW_FILE, origin: present.origin } : present);
    this.#grade(from, grade);
    this.#grade(to, grade);
  }

  #copy(from: string, to: string, recursive: boolean, grade: Grade): void {
    const isFile = this.worktree.at(from) !== null;
    const files = isFile ? [] : this.worktree.under(from);
    for (const file of files) this.#write(to + file.slice(from.length), "write", grade);
    if (files.length === 0 && (isFile || !recursive)) this.#write(to, "write", grade);
  }

  #grade(path: string, grade: Grade): void {
    const before = this.grades.get(path);
    if (before === undefined || before === "command") this.grades.set(path, grade);
  }
}
