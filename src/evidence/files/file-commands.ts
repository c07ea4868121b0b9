// What a command does to files, read from its words. Words with unknown values yield nothing.
import type { SimpleCommand } from "../shell/read-command.ts";
import { hasOption, resolveFrom, type ShellWord } from "../shell/words.ts";
import { filesOf, operandsOf, optionValue, pairsOf, pathOf, pathsOf, type Resolve } from "./arguments.ts";
import { gitFileOperations, patchOperations, touchesFiles } from "./git-file-commands.ts";
import type { Operation } from "./operations.ts";

/** Checks quickly whether the words of a command can name files it changes; those of most commands cannot. */
export function mayTouchFiles({ outputs, program, git }: SimpleCommand): boolean {
  return outputs.length > 0 || PROGRAMS[program] !== undefined || (git !== null && touchesFiles(git.verb));
}

/** The operations of one command that surely ran, with paths relative to where the script began. */
export function readFileOperations(command: SimpleCommand): Operation[] {
  if (!mayTouchFiles(command)) return [];
  const at: Resolve = (path) => resolveFrom(command.directory, path);
  const outputs: Operation[] = [];
  for (const { target, append } of command.outputs) {
    const path = pathOf(target, at);
    if (path !== null) outputs.push({ kind: append ? "append" : "write", path });
  }
  // Of a failed command, it is only certain that it opened its output files.
  if (command.succeeded === false) return outputs;
  const { git } = command;
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

/** Whether `chmod` with this mode makes a file executable to git; null where it does not change that. */
function executableBy(mode: string): boolean | null {
  if (/^[0-7]{3,4}$/.test(mode)) return (Number(mode.at(-3)) & 1) === 1;
  const [, sign] = /^[ugoa]*([+-])[rwx]*x[rwx]*$/.exec(mode) ?? [];
  return sign === undefined ? null : sign === "+";
}

/** The files of `sed -i` and `perl -pi`, after the script. BSD's `-i ''` has the suffix of the backup as a word of its own. */
function editInPlace(args: readonly ShellWord[], at: Resolve): Operation[] {
  let inPlace = false;
  let scripted = false;
  let suffix = "";
  const files: ShellWord[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    const value = word?.value;
    if (word === undefined) break;
    const [option, long, before = "", after = ""] =
      /^-(?:-in-place(?:=(.*))?|([0-9A-Za-z]*?)i(.*))$/.exec(value ?? "") ?? [];
    if (value === "--") continue;
    if (option !== undefined && !/[eEf]/.test(before)) {
      inPlace = true;
      // The text after `i` is a suffix, unless it consists of more options: `-ie`, `-ni`, `-ipe`.
      suffix = long ?? after.replace(/^[pnelErsz]+$/, "");
      if (after.endsWith("e") && suffix === "") {
        scripted = true;
        index++;
      } else if (args[index + 1]?.value === "") index++;
    } else if (/^-[0-9A-Za-z]*[ef]$|^--(expression|file)$/.test(value ?? "")) {
      scripted = true;
      index++;
    } else if (/^--(expression|file)=/.test(value ?? "")) scripted = true;
    else if (value === null || !/^-./.test(value ?? "")) files.push(word);
  }
  if (!inPlace) return [];
  return pathsOf(scripted ? files : files.slice(1), at).flatMap((path): Operation[] => {
    const edited: Operation = { kind: "change", path };
    return suffix === "" || suffix.includes("*") ? [edited] : [{ kind: "write", path: path + suffix }, edited];
  });
}
