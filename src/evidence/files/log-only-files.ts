// The files that a part of a log changed, for callers that have only the log. No repository is read, so files that git
// ignores count too.
import { splitAtTopLevel } from "../shell/words.ts";
import { FileFold } from "./fold-files.ts";
import { type Grade, type Operation, UNKNOWN_TREE } from "./operations.ts";
import { inProject, type Locate, type ProjectPath } from "./project-paths.ts";
import { isCertain, type TimelineItem } from "./timeline.ts";

export class LogOnlyFiles {
  readonly #fold = new FileFold(UNKNOWN_TREE);
  readonly #locate: Locate;
  readonly #max: number;

  /** `cwd`: the session's folder, which paths are relative to. `max`: how many files are kept. */
  constructor(cwd: string | null, max: number) {
    this.#locate = (path) => locate(path, cwd);
    this.#max = max;
  }

  push(items: readonly TimelineItem[]): void {
    for (const item of items) {
      if (item.item === "commit") this.committed();
      else if (isCertain(item)) {
        for (const operation of inProject(item.operation, item.grade, this.#locate)) this.#take(operation, item.grade);
      }
    }
  }

  /** Records a commit whose files are unknown. */
  committed(): void {
    this.#fold.workingTree.commitAll();
  }

  #take(operation: Operation, grade: Grade): void {
    const { grades, workingTree } = this.#fold;
    // `rm -f` succeeds without a file too.
    const isNoop = operation.kind === "delete" && operation.forced && !workingTree.isTouched(operation.path);
    if (!isNoop && grades.size < this.#max) this.#fold.take({ step: "operation", operation, grade });
  }

  /** The files that differ from the start, in the order in which they were first named. */
  paths(): string[] {
    return this.#fold.workingTree.changed();
  }
}

function locate(path: string, cwd: string | null): ProjectPath {
  const top = splitAtTopLevel(path);
  if (top !== null) return { inside: top.below };
  if (cwd !== null && cwd !== "/" && path.startsWith(`${cwd}/`)) return { inside: path.slice(cwd.length + 1) };
  const isRelative = cwd !== "/" && !/^(\/|~|\.\.(\/|$))/.test(path);
  return isRelative ? { inside: path } : { outside: path };
}
