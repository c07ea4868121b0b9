// The file changes that a tool observed while a command ran, where the words of the command do not name them. Another
// process may have made such a change at the same time: it is the command's only where the words contain the file name,
// or where the command ran a program of unknown effect.
import { posix } from "node:path";
import type { ObservedChange } from "../../events/event.ts";
import { isListed, traitsOf } from "../shell/programs.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { effectOf } from "./command-effects.ts";
import { type Operation, pathsIn } from "./operations.ts";

export interface ObservedOperation {
  operation: Operation;
  /** The command does not name the file: another active run of the repository may have changed it. */
  isGuess: boolean;
}

/** The observed changes of a command that its own operations (`known`) do not cover. */
export function observedOperations(run: CommandRun, known: readonly Operation[]): ObservedOperation[] {
  const { event, commands } = run;
  const observed = event.observedChanges ?? [];
  if (observed.length === 0) return [];
  const isOpaque = commands.some((command) => isOfUnknownEffect(command, run));
  const paths = new Set(known.flatMap(pathsIn));
  // The files in a deleted folder are known only from the tree at the start of the run, which may be unavailable.
  const folders = known.flatMap((operation) => (operation.kind === "delete" ? [] : pathsIn(operation)));
  return observed
    .filter(({ path }) => !paths.has(path) && !folders.some((folder) => path.startsWith(`${folder}/`)))
    .map((change) => ({
      operation: operationOf(change),
      isGuess: !event.command.includes(posix.basename(change.path)),
    }))
    .filter(({ isGuess }) => isOpaque || !isGuess);
}

/** Code given on the command line shows which files it writes; another program of unknown effect does not. */
function isOfUnknownEffect(command: SimpleCommand, run: CommandRun): boolean {
  if (effectOf(command, run) !== "any") return false;
  const { codeOptions } = traitsOf(command.program);
  return !command.inner.some(({ value }) => isListed(value, codeOptions));
}

function operationOf({ path, how }: ObservedChange): Operation {
  if (how === "deleted") return { kind: "delete", path, recursive: false, forced: false };
  return { kind: how === "created" ? "add" : how === "changed" ? "change" : "write", path };
}
