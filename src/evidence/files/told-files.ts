// The files that a stretch of a log tells to have changed, as far as its own words go: for readers who have the log
// alone. No repository is asked, so what git ignores counts too.
import { TOP_LEVEL } from "../shell/words.ts";
import { FileFold } from "./fold.ts";
import { type Grade, NOBODY_KNOWS, type Operation } from "./operations.ts";
import type { Place } from "./project-paths.ts";
import { isTold, type TimelineItem } from "./timeline.ts";
import { type Locate, mapOperation } from "./touched.ts";

export class ToldFiles {
  readonly #fold = new FileFold(NOBODY_KNOWS);
  readonly #locate: Locate;
  readonly #max: number;

  /** `cwd`: the session's folder, from which files in it are named. `max`: how many files there is room for. */
  constructor(cwd: string | null, max: number) {
    this.#locate = (path) => locate(path, cwd);
    this.#max = max;
  }

  push(items: readonly TimelineItem[]): void {
    for (const item of items) {
      if (item.item === "commit") this.committed();
      else if (isTold(item)) {
        for (const operation of mapOperation(item.operation, item.grade, this.#locate))
          this.#take(operation, item.grade);
      }
    }
  }

  /** A commit was made, of whatever files. */
  committed(): void {
    this.#fold.worktree.commitAll();
  }

  #take(operation: Operation, grade: Grade): void {
    const { grades, worktree } = this.#fold;
    // `rm -f` succeeds also where nothing is.
    const isIdle = operation.kind === "delete" && operation.forced && !worktree.isTouched(operation.path);
    if (!isIdle && grades.size < this.#max) this.#fold.take({ step: "operation", operation, grade });
  }

  /** Those that are other now than they were, in the order in which they were first named. */
  paths(): string[] {
    return this.#fold.worktree.changed();
  }
}

function locate(path: string, cwd: string | null): Place {
  const top = path.indexOf(`/${TOP_LEVEL}`);
  if (top !== -1) return { inside: path.slice(top + TOP_LEVEL.length + 2) };
  if (cwd !== null && cwd !== "/" && path.startsWith(`${cwd}/`)) return { inside: path.slice(cwd.length + 1) };
  const isFromHere = cwd !== "/" && !/^(\/|~|\.\.(\/|$))/.test(path);
  return isFromHere ? { inside: path } : { outside: path };
}
