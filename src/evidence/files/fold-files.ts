// Folds the file operations of a run into its result: what was created, modified, deleted or moved by its end.
import { posix } from "node:path";
import type { TouchedFiles } from "../evidence.ts";
import type { CommitChange, FilePath, Grade, Operation, StartTree, Step } from "./operations.ts";
import { type FileState, isWithin, NEW_FILE, WorkingTree } from "./working-tree.ts";

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
  return { touched: fold.workingTree.touched(), grades: fold.grades };
}

export class FileFold {
  readonly workingTree: WorkingTree;
  readonly grades = new Map<string, Grade>();
  readonly #isUnstageable: (path: string) => boolean;
  #staged: { paths: string[]; tracked: boolean } | null = null;

  constructor(tree: StartTree, isUnstageable: (path: string) => boolean = () => false) {
    this.workingTree = new WorkingTree(tree);
    this.#isUnstageable = isUnstageable;
  }

  take(step: Step): void {
    if (step.step === "operation") this.#operate(step.operation, step.grade);
    else if (step.step === "commit") this.#commit(step.changes, step.complete);
    else {
      const paths = this.workingTree.touchedPaths().filter((path) => isWithin(path, step.folder));
      this.#staged = { paths, tracked: step.tracked };
    }
  }

  #commit(changes: readonly CommitChange[], complete: boolean): void {
    for (const change of changes) this.#record(change);
    // A file that `git add -A` staged but the commit lacks was unchanged in the end.
    if (complete && this.#staged !== null) {
      for (const path of this.#staged.paths) {
        if (this.grades.get(path) === "git" || this.#isUnstageable(path)) continue;
        if (this.workingTree.tree.has(path) === null || this.workingTree.isCommitted(path)) continue;
        if (!this.#staged.tracked || this.workingTree.committed(path) !== null) this.workingTree.reset(path);
      }
    }
    this.#staged = null;
  }

  /** Gives the working tree the content of a committed file. */
  #record({ status, path, from, changed, content }: CommitChange): void {
    const { workingTree } = this;
    const present = workingTree.committed(path);
    if (status === "A") workingTree.commit(path, { ...this.#firstCommitted(path), content });
    else if (status === "R" && from !== null) {
      const moved = workingTree.committed(from) ?? workingTree.assumeExisting(from);
      workingTree.commit(from, null);
      workingTree.commit(path, { ...moved, changed: moved.changed || changed, content });
      this.grades.set(from, "git");
    } else {
      if (present === null) workingTree.infer(path, true);
      workingTree.commit(path, status === "D" ? null : { origin: present?.origin ?? path, changed: true, content });
    }
    this.grades.set(path, "git");
  }

  /** A file that is new to git is also new in the run, unless it existed when the run began. */
  #firstCommitted(path: string): FileState {
    const origin = this.workingTree.at(path)?.origin ?? null;
    if (origin !== null && this.workingTree.wasFound(origin)) {
      if (origin !== path && this.workingTree.at(origin) === null) this.workingTree.commit(origin, null);
      return { ...NEW_FILE, origin };
    }
    this.workingTree.infer(path, false);
    return NEW_FILE;
  }

  #operate(operation: Operation, grade: Grade): void {
    const { workingTree } = this;
    switch (operation.kind) {
      case "add":
      case "write":
      case "append":
      case "change":
        this.#write(operation.path, operation.kind, grade);
        break;
      case "touch":
        if (workingTree.at(operation.path) === null) this.#write(operation.path, "write", grade);
        break;
      case "mode": {
        const content = workingTree.at(operation.path)?.content ?? null;
        if (content !== null && content.startsWith("100755") !== operation.executable) {
          this.#write(operation.path, "change", grade);
        }
        break;
      }
      case "folder":
        workingTree.addFolder(operation.path);
        break;
      case "delete":
        for (const path of workingTree.expand(operation)) this.#delete(path, operation, grade);
        break;
      case "move":
        this.#each(operation, (from, to) => this.#move(from, to, operation.changed, grade));
        break;
      case "copy":
        this.#each(operation, (from, to) => this.#copy(from, to, operation.recursive, grade));
        break;
      case "restore":
        for (const path of workingTree.touchedPaths())
          if (isWithin(path, operation.path ?? "")) workingTree.restore(path);
        break;
      case "reset":
        workingTree.reset(operation.path);
        break;
      case "clean":
        for (const path of workingTree.touchedPaths()) {
          const isDeleted =
            isWithin(path, operation.path) && !workingTree.isTracked(path) && !this.#isUnstageable(path);
          if (isDeleted && workingTree.at(path) !== null) workingTree.put(path, null);
        }
        break;
      case "stash":
        workingTree.stash(operation.untracked);
        break;
      case "unstash":
        workingTree.unstash();
    }
  }

  #write(path: string, kind: "add" | "write" | "append" | "change", grade: Grade): void {
    const { workingTree } = this;
    const expected = kind === "change" || (kind === "append" && workingTree.tree.has(path) !== false);
    const present = workingTree.at(path) ?? (expected ? workingTree.assumeExisting(path) : null);
    if (present === null) workingTree.infer(path, false);
    workingTree.put(path, { ...NEW_FILE, origin: present?.origin ?? null });
    this.#grade(path, grade);
  }

  #delete(path: string, { recursive, forced }: { recursive: boolean; forced: boolean }, grade: Grade): void {
    const { workingTree } = this;
    const present = workingTree.at(path);
    const files = recursive && present === null ? workingTree.under(path) : [];
    for (const file of files) this.#remove(file, grade);
    if (files.length > 0) return;
    if (present === null) {
      // `rm -f` succeeds without a file, `rm -r` with an empty folder.
      if (recursive || workingTree.isTouched(path)) return;
      if (forced && workingTree.tree.has(path) === false) {
        this.#grade(path, grade);
        return;
      }
      workingTree.infer(path, true);
    }
    this.#remove(path, grade);
  }

  #remove(path: string, grade: Grade): void {
    this.workingTree.put(path, null);
    this.#grade(path, grade);
  }

  /** Calls `take` with each source and its target. In a target folder, which several sources require, files keep their names. */
  #each({ from, to }: { from: FilePath; to: string }, take: (from: string, to: string) => void): void {
    const sources = this.workingTree.expand(from);
    const intoFolder = sources.length > 1 || to.endsWith("/") || this.workingTree.isFolder(to);
    for (const source of sources) take(source, intoFolder ? posix.join(to, posix.basename(source)) : to);
  }

  #move(from: string, to: string, changed: boolean, grade: Grade): void {
    const { workingTree } = this;
    if (from === to) return;
    const files = workingTree.at(from) === null ? workingTree.under(from) : [];
    for (const file of files) this.#moveFile(file, to + file.slice(from.length), changed, grade);
    // An untracked path without extension may be a folder with unknown files.
    const isFolder = grade === "command" && workingTree.tree.has(from) === false && posix.extname(from) === "";
    if (files.length === 0 && (workingTree.at(from) !== null || !isFolder)) {
      this.#moveFile(from, to, changed, grade);
    }
  }

  #moveFile(from: string, to: string, changed: boolean, grade: Grade): void {
    const present = this.workingTree.at(from) ?? this.workingTree.assumeExisting(from);
    this.workingTree.put(from, null);
    this.workingTree.put(to, changed ? { ...NEW_FILE, origin: present.origin } : present);
    this.#grade(from, grade);
    this.#grade(to, grade);
  }

  #copy(from: string, to: string, recursive: boolean, grade: Grade): void {
    const isFile = this.workingTree.at(from) !== null;
    const files = isFile ? [] : this.workingTree.under(from);
    for (const file of files) this.#write(to + file.slice(from.length), "write", grade);
    if (files.length === 0 && (isFile || !recursive)) this.#write(to, "write", grade);
  }

  #grade(path: string, grade: Grade): void {
    const before = this.grades.get(path);
    if (before === undefined || before === "command") this.grades.set(path, grade);
  }
}
