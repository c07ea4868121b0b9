// What a command does to files, read from its words. Unknown words claim nothing.

import { hasOption, readGitWords } from "../git/words.ts";
import { resolveFrom } from "../shell/builtins.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import type { ShellWord } from "../shell/words.ts";
import { filesOf, operandsOf, optionValue, pairsOf, pathOf, pathsOf, type Resolve } from "./arguments.ts";
import { editInPlace } from "./edit-in-place.ts";
import { gitFileOperations, patchOperations, touchesFiles } from "./git-commands.ts";
import type { Operation } from "./operations.ts";

/** Whether a command may do anything to files that its words tell: most do nothing, and are not worth a closer look. */
export function mayTouchFiles({ outputs, program, inner }: SimpleCommand): boolean {
  if (outputs.length > 0 || PROGRAMS[program] !== undefined) return true;
  return program === "git" && inner.some(({ value }) => value !== null && touchesFiles(value));
}

/** The operations of one command that surely ran, with paths as seen from where the script began. */
export function readFileOperations(command: SimpleCommand): Operation[] {
  if (!mayTouchFiles(command)) return [];
  const at: Resolve = (path) => resolveFrom(command.directory, path);
  const outputs: Operation[] = [];
  for (const { target, append } of command.outputs) {
    const path = pathOf(target, at);
    if (path !== null) outputs.push({ kind: append ? "append" : "write", path });
  }
  // A command that failed has still opened its output files, and did nothing else that is certain.
  if (command.succeeded === false) return outputs;
  const git = readGitWords(command);
  if (git !== null) return [...outputs, ...gitFileOperations(git, command.input)];
  const read = PROGRAMS[command.program];
  return read === undefined ? outputs : [...outputs, ...read(command.inner.slice(1), at, command.input)];
}

type ReadArguments = (args: readonly ShellWord[], at: Resolve, input: string | null) => Operation[];

const each =
  (kind: "write" | "append" | "touch" | "folder", valued = ""): ReadArguments =>
  (args, at) =>
    pathsOf(args, at, valued).map((path) => ({ kind, path }));

const copies =
  (recursive: boolean, valued = ""): ReadArguments =>
  (args, at) =>
    pairsOf(args, at, valued).map((pair) => ({ kind: "copy", ...pair, recursive }));

const moves: ReadArguments = (args, at) => pairsOf(args, at).map((pair) => ({ kind: "move", ...pair, changed: false }));

const PROGRAMS: Record<string, ReadArguments> = {
  __proto__: null as never,
  mv: moves,
  gmv: moves,
  cp: (args, at) => copies(hasOption(args, "-r", "-R", "-a", "--recursive", "--archive"))(args, at, null),
  install: (args, at) => {
    const folders = hasOption(args, "-d", "--directory");
    return (folders ? each("folder") : copies(false, "-m --mode -o --owner -g --group"))(args, at, null);
  },
  ln: (args, at) => {
    const target = operandsOf(args).length > 1 ? pathsOf(args.slice(-1), at)[0] : undefined;
    return target === undefined || target.endsWith("/") ? [] : [{ kind: "write", path: target }];
  },
  rm: (args, at) => {
    const recursive = hasOption(args, "-r", "-R", "--recursive");
    const forced = hasOption(args, "-f", "--force");
    return filesOf(operandsOf(args), at).map((file) => ({ kind: "delete", ...file, recursive, forced }));
  },
  unlink: (args, at) => pathsOf(args, at).map((path) => ({ kind: "delete", path, recursive: false, forced: false })),
  mkdir: each("folder", "-m --mode"),
  touch: (args, at) =>
    hasOption(args, "-c", "--no-create") ? [] : each("touch", "-d -t -r --date --reference")(args, at, null),
  tee: (args, at) => each(hasOption(args, "-a", "--append") ? "append" : "write")(args, at, null),
  truncate: each("write", "-s --size -r --reference"),
  chmod: (args, at) => {
    const [mode, ...files] = operandsOf(
      args.map((word) => (/^-[rwx]+$/.test(word.value ?? "") ? { ...word, value: `a${word.value}` } : word)),
    );
    const executable = executableBy(mode?.value ?? "");
    return executable === null ? [] : pathsOf(files, at).map((path) => ({ kind: "mode", path, executable }));
  },
  sed: editInPlace,
  gsed: editInPlace,
  perl: editInPlace,
  ruby: editInPlace,
  dd: (args, at) => args.flatMap(({ value }) => output(value?.startsWith("of=") ? value.slice(3) : null, at)),
  curl: (args, at) => output(optionValue(args, "-o", "--output"), at),
  wget: (args, at) => output(optionValue(args, "-O", "--output-document"), at),
  patch: (args, at, input) =>
    input === null || hasOption(args, "--dry-run", "-o") ? [] : patchOperations(input, at, args, 0),
};

function output(path: string | null | undefined, at: Resolve): Operation[] {
  const resolved = path === null || path === undefined || path === "-" || path.startsWith("/dev/") ? null : at(path);
  return resolved === null ? [] : [{ kind: "write", path: resolved }];
}

/** Whether `chmod` with this mode makes a file one that git calls executable; null where it leaves that alone. */
function executableBy(mode: string): boolean | null {
  if (/^[0-7]{3,4}$/.test(mode)) return (Number(mode.at(-3)) & 1) === 1;
  const [, sign] = /^[ugoa]*([+-])[rwx]*x[rwx]*$/.exec(mode) ?? [];
  return sign === undefined ? null : sign === "+";
}
