// What a tool saw change while a command ran, and no one can read from its words. Another process may have changed it
// just then: it is the command's only where its words name the file, or where it ran a program nobody can see through.
import { posix } from "node:path";
import type { CommandEvent, ObservedChange } from "../../events/event.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import { effectOf } from "./effects.ts";
import type { Operation } from "./operations.ts";

/** Options by which a program is given its code on the command line. */
const CODE_OPTIONS: Record<string, readonly string[]> = {
  __proto__: null as never,
  bash: ["-c", "-lc"],
  bun: ["-e", "--eval", "-p", "--print"],
  deno: ["eval"],
  node: ["-e", "--eval", "-p", "--print", "-pe"],
  perl: ["-e", "-E", "-ne", "-pe"],
  php: ["-r"],
  python: ["-c"],
  python3: ["-c"],
  ruby: ["-e"],
  sh: ["-c"],
  zsh: ["-c"],
};

export interface SeenOperation {
  operation: Operation;
  /** The command does not name the file: if others are at work in the repository too, it may be theirs. */
  isGuess: boolean;
}

/** The changes of a command that its own operations do not tell already. */
export function seenOperations(
  commands: readonly SimpleCommand[],
  event: CommandEvent,
  told: readonly Operation[],
): SeenOperation[] {
  const seen = event.observedChanges ?? [];
  if (seen.length === 0) return [];
  const isOpaque = commands.some((command) => hidesItsWork(command, event));
  const paths = new Set(told.flatMap(pathsOf));
  // Where a folder was removed, only the tree of the start knows what was in it, and may not be at hand.
  const folders = told.flatMap((operation) => (operation.kind === "delete" ? [] : pathsOf(operation)));
  return seen
    .filter(({ path }) => !paths.has(path) && !folders.some((folder) => path.startsWith(`${folder}/`)))
    .map((change) => ({
      operation: operationOf(change),
      isGuess: !event.command.includes(posix.basename(change.path)),
    }))
    .filter(({ isGuess }) => isOpaque || !isGuess);
}

/** A program whose work its words do not tell. Code that is given with the command tells what it writes. */
function hidesItsWork(command: SimpleCommand, event: CommandEvent): boolean {
  if (effectOf(command, event) !== "any") return false;
  const options = CODE_OPTIONS[command.program] ?? [];
  return !options.some((option) => command.inner.some(({ value }) => value === option));
}

function pathsOf(operation: Operation): string[] {
  if (operation.kind === "move" || operation.kind === "copy") return [operation.from.path, operation.to];
  return "path" in operation && operation.path !== null ? [operation.path] : [];
}

function operationOf({ path, how }: ObservedChange): Operation {
  if (how === "deleted") return { kind: "delete", path, recursive: false, forced: false };
  return { kind: how === "created" ? "add" : how === "changed" ? "change" : "write", path };
}
