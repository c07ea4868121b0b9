// The paths of execution a shell script may have taken, given only how the whole script ended. Paths are kept apart
// where the shell itself can tell them apart ($?, the working directory, whether it continues) and merged otherwise.
import { resolveFrom, type ShellWord } from "./words.ts";

/** Bits: what may have happened to one command. */
export const NOT_RUN = 1;
export const SUCCEEDED = 2;
export const FAILED = 4;

/** What may have happened to one command, and where it ran: null where that differs between paths. */
export interface CommandOutcome {
  readonly bits: number;
  readonly directory: string | null;
}

/** One path of execution up to a point of the script. A command without an outcome was not run. */
export interface ExecPath {
  /** `live`: the shell continues with the next command; otherwise it leaves the function or the script. */
  readonly flow: "live" | "return" | "exit";
  /** `$?` is not zero. */
  readonly failed: boolean;
  /** `${PIPESTATUS[0]}` is not zero. */
  readonly headFailed: boolean;
  /** Variables that hold an exit status: `rc=$?`. */
  readonly saved: ReadonlyMap<string, boolean>;
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** The working directory, relative to the one the script began in; null where unknown. */
  readonly directory: string | null;
  readonly outcomes: ReadonlyMap<number, CommandOutcome>;
}

export type ExecPaths = readonly ExecPath[];

export const START: ExecPath = {
  flow: "live",
  failed: false,
  headFailed: false,
  saved: new Map(),
  errexit: false,
  pipefail: false,
  directory: ".",
  outcomes: new Map(),
};

/** Beyond this number, paths that differ only in directory or saved statuses are merged too. */
const MAX_PATHS = 48;

/** The same paths, with those merged that the shell cannot tell apart. */
export function mergePaths(paths: ExecPaths): ExecPaths {
  const [first, second] = paths;
  if (first === undefined || second === undefined) return paths;
  // The common case, a success and a failure of one command, needs no keys.
  if (paths.length === 2 && first.failed !== second.failed) return paths;
  const merged = mergeEqual(paths);
  if (merged.length <= MAX_PATHS) return merged;
  return mergeEqual(merged.map((path) => ({ ...path, directory: null, saved: START.saved })));
}

/** What the shell can see of a path. */
function keyOf({ flow, failed, headFailed, errexit, pipefail, directory, saved }: ExecPath): string {
  let key = `${flow} ${failed} ${headFailed} ${errexit} ${pipefail} ${directory}`;
  if (saved.size > 0) for (const [name, value] of [...saved].sort()) key += `\0${name} ${value}`;
  return key;
}

function mergeEqual(paths: ExecPaths): ExecPath[] {
  const byKey = new Map<string, ExecPath>();
  for (const path of paths) {
    const key = keyOf(path);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? path : { ...known, outcomes: unite(known.outcomes, path.outcomes) });
  }
  return [...byKey.values()];
}

/** The outcome of every command over several paths. */
export function mergeOutcomes(paths: ExecPaths): ReadonlyMap<number, CommandOutcome> {
  return paths.map((path) => path.outcomes).reduce(unite);
}

function unite(
  a: ReadonlyMap<number, CommandOutcome>,
  b: ReadonlyMap<number, CommandOutcome>,
): ReadonlyMap<number, CommandOutcome> {
  if (a === b) return a;
  const united = new Map<number, CommandOutcome>();
  for (const [command, outcome] of a) united.set(command, join(outcome, b.get(command)));
  for (const [command, outcome] of b) if (!a.has(command)) united.set(command, join(outcome, undefined));
  return united;
}

function join(outcome: CommandOutcome, other: CommandOutcome | undefined): CommandOutcome {
  if (other === undefined) return { ...outcome, bits: outcome.bits | NOT_RUN };
  return {
    bits: outcome.bits | other.bits,
    directory: outcome.directory === other.directory ? outcome.directory : null,
  };
}

/** The path after one more command. A command that runs again (a loop, a function) unites its outcomes. */
export function withOutcome(path: ExecPath, command: number, bits: number): ExecPath {
  const outcomes = new Map(path.outcomes);
  const before = outcomes.get(command);
  const outcome: CommandOutcome = { bits, directory: path.directory };
  outcomes.set(command, before === undefined ? outcome : join(before, outcome));
  return { ...path, outcomes };
}

/** The path with every command that `before` did not run marked as run with an unknown exit status. */
export function markUncertain(path: ExecPath, before: ExecPath): ExecPath {
  const outcomes = new Map(path.outcomes);
  for (const [command, outcome] of outcomes) {
    if (!before.outcomes.has(command)) outcomes.set(command, { ...outcome, bits: outcome.bits | SUCCEEDED | FAILED });
  }
  return { ...path, outcomes };
}

/** Follows every path that continues; paths that left the script stay unchanged. */
export function forEachLivePath(paths: ExecPaths, step: (path: ExecPath) => ExecPaths): ExecPaths {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return only.flow === "live" ? mergePaths(step(only)) : [only];
  return mergePaths(paths.flatMap((path) => (path.flow === "live" ? step(path) : [path])));
}

/** The paths after a subshell: they keep its status and what ran in it, but neither its directory nor its `exit`. */
export function subshell(before: ExecPath, inCondition: boolean, ends: ExecPaths): ExecPaths {
  return mergePaths(
    ends.map(({ failed, outcomes }) => stopOnError({ ...before, failed, headFailed: failed, outcomes }, inCondition)),
  );
}

/** `set -e`: a failure outside a condition ends the script. */
export function stopOnError(path: ExecPath, inCondition: boolean): ExecPath {
  return path.failed && path.errexit && !inCondition && path.flow === "live" ? { ...path, flow: "exit" } : path;
}

/** The path after `cd`, `pushd` or `popd` succeeded; any other command leaves it as it is. */
export function changeDirectory(words: readonly ShellWord[], path: ExecPath): ExecPath {
  const inner = words[0]?.value === "builtin" || words[0]?.value === "command" ? words.slice(1) : words;
  const program = inner[0]?.value;
  if (program === "popd") return { ...path, directory: null };
  if (program !== "cd" && program !== "pushd" && program !== "chdir") return path;
  const target = inner
    .slice(1)
    .find((word) => word.value === null || !/^-[LPe@-]*$/.test(word.value) || word.value === "-");
  if (target === undefined) return { ...path, directory: program === "cd" ? "~" : null };
  if (target.value === null || target.value === "-") return { ...path, directory: null };
  return { ...path, directory: resolveFrom(path.directory, target.value) };
}

/** The path after `set -e`, `set -o pipefail`, `set +e` and the like. */
export function setOptions(words: readonly ShellWord[], path: ExecPath): ExecPath {
  const flags = shellFlags(words.slice(1).map((word) => word.value ?? ""));
  return {
    ...path,
    failed: false,
    errexit: flags.errexit ?? path.errexit,
    pipefail: flags.pipefail ?? path.pipefail,
  };
}

interface ShellFlags {
  errexit?: boolean;
  pipefail?: boolean;
  /** `-c`: the next word is the script. */
  script: boolean;
  /** Index of the first word that is not an option. */
  next: number;
}

/** Reads `-euo pipefail` and the like. */
function shellFlags(args: readonly string[]): ShellFlags {
  const flags: ShellFlags = { script: false, next: 0 };
  for (; flags.next < args.length; flags.next++) {
    const arg = args[flags.next] ?? "";
    if (!/^[-+][A-Za-z]+$/.test(arg)) break;
    const on = arg.startsWith("-");
    if (arg.includes("e")) flags.errexit = on;
    if (arg.includes("c")) flags.script = true;
    if (arg.endsWith("o")) {
      flags.next++;
      if (args[flags.next] === "pipefail") flags.pipefail = on;
      if (args[flags.next] === "errexit") flags.errexit = on;
    }
  }
  return flags;
}

const SHELLS = new Set(["bash", "sh", "zsh", "dash", "ksh"]);

export interface NestedScript {
  source: string;
  /** The script runs in the same shell, not in a new one. */
  sameShell: boolean;
  errexit: boolean;
  pipefail: boolean;
}

/** The script inside a command: `bash -lc '…'`, `eval '…'`, `sh <<EOF`. */
export function nestedScript(
  { inner, program }: { inner: readonly ShellWord[]; program: string },
  input: string | null,
): NestedScript | null {
  const values = inner.slice(1).map((word) => word.value);
  if (program === "eval") {
    if (values.length === 0 || values.includes(null)) return null;
    return { source: values.join(" "), sameShell: true, errexit: false, pipefail: false };
  }
  if (!SHELLS.has(program)) return null;
  const { script, next, errexit = false, pipefail = false } = shellFlags(values.map((value) => value ?? ""));
  const word = values[next];
  const source = script ? word : word === undefined || word === "-s" ? input : null;
  return source === undefined || source === null ? null : { source, sameShell: false, errexit, pipefail };
}
