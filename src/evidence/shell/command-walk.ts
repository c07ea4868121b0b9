// Follows the paths of execution through one command of a script, which may assign, call a function, or exit.
import type {
  AndOr,
  Command,
  CommandNode,
  CompoundList,
  PipelineNode,
  Redirection,
  Script,
  Statement,
  Word,
} from "unbash";
import {
  echoedStatus,
  mayHavePrinted,
  type OutputFile,
  outputFiles,
  pathsAfterExit,
  reportedNoError,
  sourceFailed,
  statusSource,
  type Trust,
} from "./command-output.ts";
import {
  changeDirectory,
  type ExecPath,
  type ExecPaths,
  FAILED,
  forEachLivePath,
  markUncertain,
  nestedScript,
  START,
  SUCCEEDED,
  setOptions,
  stopOnError,
  subshell,
  withOutcome,
} from "./exec-paths.ts";
import { programName, unwrap } from "./programs.ts";
import { hereText, parseScript, readWord, type ShellWord, substitutions } from "./words.ts";

/** A command that the walk came to: a `SimpleCommand` without its outcome. */
export interface WalkedCommand {
  words: ShellWord[];
  inner: readonly ShellWord[];
  program: string;
  outputs: OutputFile[];
  input: string | null;
  isFiltered: boolean;
  /** A variable of git's makes it work on another repository: `GIT_DIR=/srv/shop.git git log`. */
  hasGitDir: boolean;
}

/** Where in the script a command is. */
export interface Position {
  /** In a condition, where `set -e` has no effect. */
  inCondition: boolean;
  /** Its output goes into a pipe or a variable. */
  isCaptured: boolean;
  /** A later part of its pipeline drops lines of its output. */
  isFiltered: boolean;
  /** It runs whenever the script runs, so the variables it assigns are known. */
  isUnconditional: boolean;
  /** How deep it is in functions, `eval` and `bash -c`. */
  depth: number;
  /**
   * How the script ended, if this command decides that: only paths with this end are followed, and the output is not
   * considered. Null if another command may decide it.
   */
  knownEnd: "zero" | "nonzero" | null;
  /** The iterations of the loops around it: the same command in another iteration is another command. */
  iteration: string;
}

export type ShellNode = PipelineNode | AndOr | CompoundList;

/** Limits: scripts longer than a person or a model types are not followed. */
const MAX_COMMANDS = 400;
const MAX_STEPS = 20_000;
const MAX_DEPTH = 8;

const CONDITION = walked([{ source: "[[", value: "[[" }], [], null);
const GIT_DIRS = ["GIT_DIR", "GIT_WORK_TREE"];
const DECLARING = new Set(["export", "declare", "local", "readonly", "typeset"]);

export abstract class CommandWalk {
  readonly commands: WalkedCommand[] = [];
  protected steps = 0;
  protected readonly functions = new Map<string, CommandNode | CompoundList>();
  /** Variables the script set; null where the value is unknown. */
  protected readonly variables = new Map<string, string | null>();
  /** By iteration: the indexes of the commands that ran in it. */
  readonly #indexes = new Map<string, Map<object, number>>();
  readonly #nested = new Map<object, Map<string, Script | null>>();
  readonly #output: string;
  readonly #trust: Trust;

  constructor(output: string, trust: Trust) {
    this.#output = output;
    this.#trust = trust;
  }

  protected abstract list(statements: readonly Statement[], paths: ExecPaths, position: Position): ExecPaths;
  protected abstract node(node: ShellNode, path: ExecPath, position: Position): ExecPaths;

  protected get exhausted(): boolean {
    return this.commands.length > MAX_COMMANDS || this.steps > MAX_STEPS;
  }

  protected words(word: Word): ShellWord[] {
    return readWord(word, (name) => this.variables.get(name) ?? null);
  }

  protected command(node: Command, path: ExecPath, position: Position): ExecPaths {
    const typed = [...(node.name === undefined ? [] : [node.name]), ...node.args];
    const words = typed.flatMap((word) =>
      word.type === "Word" ? this.words(word) : [{ source: word.text, value: word.text }],
    );
    const scripts = substitutions(node);
    if (scripts.length === 0) {
      return words.length === 0
        ? [this.#assign(node, path, path, position)]
        : this.#invoke(node, words, path, position);
    }
    let start: ExecPaths = [path];
    for (const script of scripts) {
      const inner = { ...position, isCaptured: true, isUnconditional: false, knownEnd: null };
      start = forEachLivePath(start, (before) => subshell(before, true, this.list(script.commands, [before], inner)));
    }
    if (words.length === 0) return start.map((end) => this.#assign(node, path, end, position));
    // Only an assignment takes its status from a substitution; for other commands that status is lost.
    const before = start.map((end) => ({ ...path, outcomes: markUncertain(end, path).outcomes }));
    return forEachLivePath(before, (ready) => this.#invoke(node, words, ready, position));
  }

  /** `[[ … ]]` and `(( … ))`. */
  protected condition(node: object, path: ExecPath, position: Position): ExecPaths {
    return this.#run(node, CONDITION, [], path, position);
  }

  /** Records the output files of a group, a loop or an assignment: they are opened whatever its commands do. */
  protected noteOutputs(redirects: readonly Redirection[], path: ExecPath, position: Position): ExecPath {
    const outputs = this.#outputFiles(redirects);
    if (outputs.length === 0) return path;
    return withOutcome(path, this.#indexOf(redirects, walked([], outputs, null), position), SUCCEEDED);
  }

  /** `rc=$?` saves a status; any other assignment has the status of the substitution in it, if there is one. */
  #assign(node: Command, before: ExecPath, after: ExecPath, position: Position): ExecPath {
    const saved = new Map(before.saved);
    for (const part of node.prefix) {
      if (part.type !== "Assignment") continue;
      const source = part.value.type === "Word" ? statusSource(part.value) : null;
      const failed = source === null ? undefined : sourceFailed(before, source);
      saved.delete(part.name);
      if (failed !== undefined) saved.set(part.name, failed);
      this.#setVariable(part.name, part.value.type === "Word" && !part.append ? part.value : null, position);
    }
    const failed = after.outcomes === before.outcomes ? false : after.failed;
    return this.noteOutputs(node.redirects, { ...after, flow: "live", failed, saved }, position);
  }

  #setVariable(name: string, word: Word | null, position: Position): void {
    const values = word === null || !position.isUnconditional ? [] : this.words(word);
    this.variables.set(name, values.length === 1 ? (values[0]?.value ?? null) : null);
  }

  #invoke(node: Command, words: ShellWord[], path: ExecPath, position: Position): ExecPaths {
    const program = words[0]?.value ?? "";
    const deeper = { ...position, depth: position.depth + 1, knownEnd: null };
    const body = this.functions.get(program);
    if (body !== undefined && position.depth < MAX_DEPTH) {
      const ends = this.node(body, path, { ...deeper, isUnconditional: false });
      return ends.map((end) => (end.flow === "return" ? { ...end, flow: "live" } : end));
    }
    if (program === "exit" || program === "return") return pathsAfterExit(program, node, words, path);
    if (program === "set") return [setOptions(words, path)];
    if (DECLARING.has(program)) {
      for (const part of node.args) {
        if (part.type === "Assignment")
          this.#setVariable(part.name, part.value.type === "Word" ? part.value : null, position);
      }
    }
    const input = hereText(node.redirects);
    const { isFiltered } = position;
    const hasGitDir = GIT_DIRS.some((name) => this.variables.has(name) || assigns(node, words, name));
    const command = { ...walked(words, this.#outputFiles(node.redirects), input), isFiltered, hasGitDir };
    const nested = nestedScript(command, input);
    const script = nested === null || position.depth >= MAX_DEPTH ? null : this.#parseOnce(node, nested.source);
    if (nested !== null && script !== null) {
      const noted = this.noteOutputs(node.redirects, path, position);
      if (nested.sameShell) return this.list(script.commands, [noted], deeper);
      const { errexit, pipefail } = nested;
      const inner = { ...deeper, inCondition: false, isUnconditional: false };
      const ends = this.list(script.commands, [{ ...noted, errexit, pipefail, saved: START.saved }], inner);
      return subshell(noted, position.inCondition, ends);
    }
    if (program === "echo" && this.#contradicts(node, words, path, position)) return [];
    return this.#run(node, command, node.redirects, path, position);
  }

  /** Whether the output shows that this `echo` did not run, or that the status before it was another one. */
  #contradicts(node: Command, words: readonly ShellWord[], path: ExecPath, position: Position): boolean {
    if (this.#trust !== "no-error-and-echo") return false;
    const echoed = echoedStatus(node.args, this.#output);
    const failed = echoed === null ? undefined : sourceFailed(path, echoed.source);
    if (echoed !== null && failed !== undefined && failed !== echoed.failed) return true;
    return !position.isCaptured && node.redirects.length === 0 && !mayHavePrinted(words.slice(1), this.#output);
  }

  /** A command that succeeds or fails: both paths are followed, unless one is ruled out. */
  #run(
    node: object,
    command: WalkedCommand,
    redirects: readonly Redirection[],
    path: ExecPath,
    position: Position,
  ): ExecPaths {
    const index = this.#indexOf(node, command, position);
    const ends: ExecPath[] = [];
    // A path that contradicts the end of the script is followed only if no other path is left.
    const end = this.#trust === "nothing" ? null : position.knownEnd;
    if (command.program !== "false" && end !== "nonzero") {
      ends.push({ ...withOutcome(changeDirectory(command.words, path), index, SUCCEEDED), failed: false });
    }
    if (end !== "zero" && (this.#trust === "nothing" || !reportedNoError(command, redirects, this.#output))) {
      ends.push(stopOnError({ ...withOutcome(path, index, FAILED), failed: true }, position.inCondition));
    }
    return ends;
  }

  #outputFiles(redirects: readonly Redirection[]): OutputFile[] {
    return outputFiles(redirects, (word) => this.words(word));
  }

  /** The index of a command among all commands; it is added at its first occurrence. */
  #indexOf(node: object, command: WalkedCommand, { iteration }: Position): number {
    let indexes = this.#indexes.get(iteration);
    if (indexes === undefined) {
      indexes = new Map();
      this.#indexes.set(iteration, indexes);
    }
    const known = indexes.get(node);
    if (known !== undefined) return known;
    indexes.set(node, this.commands.length);
    return this.commands.push(command) - 1;
  }

  #parseOnce(node: object, source: string): Script | null {
    const parsed = this.#nested.get(node) ?? new Map<string, Script | null>();
    this.#nested.set(node, parsed);
    const known = parsed.get(source);
    if (known !== undefined) return known;
    const script = parseScript(source);
    parsed.set(source, script);
    return script;
  }
}

function walked(words: ShellWord[], outputs: OutputFile[], input: string | null): WalkedCommand {
  const inner = unwrap(words);
  return { words, inner, program: programName(inner[0]), outputs, input, isFiltered: false, hasGitDir: false };
}

/** Whether a command sets a variable for itself: `GIT_DIR=x git log`, `env GIT_DIR=x git log`. */
function assigns({ prefix }: Command, words: readonly ShellWord[], name: string): boolean {
  const isSet = prefix.some((part) => part.type === "Assignment" && part.name === name);
  return isSet || words.some(({ source }) => source.startsWith(`${name}=`));
}
