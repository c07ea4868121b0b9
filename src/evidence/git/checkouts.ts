// The worktrees that commands added or moved, and the folders that they renamed: such a folder may be gone, or have another
// name, when the log is read.
import { detachStrings } from "../../system/memory.ts";
import { operandsOf, pairsOf, pathOf } from "../files/arguments.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { resolveFrom } from "../shell/words.ts";

/** A folder that was a checkout of the repository of another folder. */
export interface Checkout {
  path: string;
  /** A folder of the repository. */
  of: string;
  /** Whether `path` is an earlier name of that very folder. */
  isRenamed: boolean;
}

/** The checkouts that a command made, by absolute paths. */
export function checkoutsOf({ event, commands }: CommandRun): Checkout[] {
  if (event.outcome === "refused" || event.cwd === null) return [];
  const { cwd } = event;
  return commands.flatMap((command) => {
    if (command.succeeded === false) return [];
    const made = command.git === null ? renamedBy(command) : worktreesBy(command);
    return made.flatMap(({ path, of, isRenamed }) => {
      const [from, to] = [resolveFrom(cwd, path), resolveFrom(cwd, of)];
      return from === null || to === null ? [] : [detachStrings({ path: from, of: to, isRenamed })];
    });
  });
}

/** `git worktree add PATH` and `git worktree move OLD NEW`. */
function worktreesBy({ git }: SimpleCommand): Checkout[] {
  if (git === null || git.verb !== "worktree" || git.directory === null) return [];
  const { directory } = git;
  const [action, ...args] = git.args;
  const operands = operandsOf(args, "-b -B --reason");
  const target = operands[action?.value === "move" ? 1 : 0];
  if (target === undefined || (action?.value !== "add" && action?.value !== "move")) return [];
  const path = pathOf(target, (typed) => resolveFrom(directory, typed));
  return path === null ? [] : [{ path, of: directory, isRenamed: false }];
}

/** `mv shop store`: `shop` was the folder `store`, if that is a repository. */
function renamedBy({ program, inner, directory }: SimpleCommand): Checkout[] {
  if (program !== "mv") return [];
  const pairs = pairsOf(inner.slice(1), (typed) => resolveFrom(directory, typed));
  return pairs.flatMap(({ from, to }) => {
    return from.glob === undefined && !to.endsWith("/") ? [{ path: from.path, of: to, isRenamed: true }] : [];
  });
}
