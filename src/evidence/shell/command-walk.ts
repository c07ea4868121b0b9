// One command of a script and what it does to a course of events: it runs, or assigns, or calls a function, or leaves.
import {
  type AndOr,
  type Command,
  type CommandNode,
  type CompoundList,
  type PipelineNode,
  parse,
  type Redirection,
  type Script,
  type Statement,
  type Word,
} from "unbash";
import { changeDirectory, setOptions, shellSource } from "./builtins.ts";
import { surelySucceeded } from "./complaints.ts";
import { apart, blur, type Course, FAILED, goOn, START, SUCCEEDED, stopOnError, withFate } from "./courses.ts";
import { type OutputFile, outputsOf, silencesErrors } from "./redirections.ts";
import { echoedStatus, mayHavePrinted, sourceFailed, statusSource } from "./status.ts";
import { hereText, readWord, type ShellWord, substitutions } from "./words.ts";
import { programName, unwrap } from "./wrappers.ts";

/** A command the walk met: what `SimpleCommand` says of it without its fate. */
export interface WalkedCommand {
  words: ShellWord[];
  /** Without the wrappers: the innermost command line that runs on this machine. Read once, for all who ask. */
  inner: readonly ShellWord[];
  /** The name of the program that starts; empty where it is unknown. */
  program: string;
  outputs: OutputFile[];
  /** The here-document it reads, where its text is known. */
  input: string | null;
}

/** What to take for true: that a talkative command without complaint succeeded, and that what `echo` says was said. */
export type Trust = "nothing" | "silence" | "silence and echoes";

/** Where in the script a command stands. */
export interface Place {
  /** Inside a condition, where `set -e` has no effect. */
  guarded: boolean;
  /** Its output goes into a pipe or a variable. */
  hidden: boolean;
  /** It runs if anything does: what it assigns is assigned. */
  certain: boolean;
  /** Of functions, `eval` and `bash -c` inside each other. */
  depth: number;
  /**
   * How the script ended, where a command here that ended otherwise would have made the script end otherwise: only this
   * end is followed then, and no output has to be asked. Null where that is not so.
   */
  ended: "zero" | "nonzero" | null;
  /** Which turn of which loops: the same command in another turn is another command. */
  turn: string;
}

export type Courses = readonly Course[];
export type ShellNode = PipelineNode | AndOr | CompoundList;

/** More than a person or a model types: such a script is not followed. */
const MAX_COMMANDS = 400;
const MAX_STEPS = 20_000;
const MAX_DEPTH = 8;

const CONDITION = walked([{ source: "[[", value: "[[" }], [], null);
const DECLARING = new Set(["export", "declare", "local", "readonly", "typeset"]);

export abstract class CommandWalk {
  readonly commands: WalkedCommand[] = [];
  protected steps = 0;
  protected readonly functions = new Map<string, CommandNode | CompoundList>();
  /** Variables the script set: null where it is not known to what. */
  protected readonly variables = new Map<string, string | null>();
  /** For each turn of the loops, the places of the commands that ran in it. */
  readonly #indexes = new Map<string, Map<object, number>>();
  readonly #nested = new Map<object, Map<string, Script | null>>();
  readonly #output: string;
  readonly #trust: Trust;

  constructor(output: string, trust: Trust) {
    this.#output = output;
    this.#trust = trust;
  }

  protected abstract list(statements: readonly Statement[], courses: Courses, place: Place): Courses;
  protected abstract node(node: ShellNode, course: Course, place: Place): Courses;

  protected get exhausted(): boolean {
    return this.commands.length > MAX_COMMANDS || this.steps > MAX_STEPS;
  }

  protected words(word: Word): ShellWord[] {
    return readWord(word, (name) => this.variables.get(name) ?? null);
  }

  protected command(node: Command, course: Course, place: Place): Courses {
    const typed = [...(node.name === undefined ? [] : [node.name]), ...node.args];
    const words = typed.flatMap((word) =>
      word.type === "Word" ? this.words(word) : [{ source: word.text, value: word.text }],
    );
    const scripts = substitutions(node);
    if (scripts.length === 0)
      return words.length === 0
        ? [this.#assign(node, course, course, place)]
        : this.#invoke(node, words, course, place);
    let start: Courses = [course];
    for (const script of scripts) {
      const inner = { ...place, hidden: true, certain: false, ended: null };
      start = goOn(start, (before) => apart(before, true, this.list(script.commands, [before], inner)));
    }
    if (words.length === 0) return start.map((end) => this.#assign(node, course, end, place));
    // Only an assignment takes its status from a substitution; of others nobody sees how it ended.
    const before = start.map((end) => ({ ...course, fates: blur(end, course).fates }));
    return goOn(before, (ready) => this.#invoke(node, words, ready, place));
  }

  /** `[[ … ]]` and `(( … ))`. */
  protected condition(node: object, course: Course, place: Place): Courses {
    return this.#try(node, CONDITION, [], course, place);
  }

  /** The files that a group, a loop or an assignment writes to are opened whatever becomes of the rest. */
  protected noteOutputs(redirects: readonly Redirection[], course: Course, place: Place): Course {
    const outputs = this.#outputs(redirects);
    if (outputs.length === 0) return course;
    return withFate(course, this.#note(redirects, walked([], outputs, null), place), SUCCEEDED);
  }

  /** `rc=$?` keeps a status for later; any other assignment has the status of the substitution in it, if any. */
  #assign(node: Command, before: Course, after: Course, place: Place): Course {
    const saved = new Map(before.saved);
    for (const part of node.prefix) {
      if (part.type !== "Assignment") continue;
      const source = part.value.type === "Word" ? statusSource(part.value) : null;
      const failed = source === null ? undefined : sourceFailed(before, source);
      saved.delete(part.name);
      if (failed !== undefined) saved.set(part.name, failed);
      this.#remember(part.name, part.value.type === "Word" && !part.append ? part.value : null, place);
    }
    const failed = after.fates === before.fates ? false : after.failed;
    return this.noteOutputs(node.redirects, { ...after, flow: "on", failed, saved }, place);
  }

  #remember(name: string, word: Word | null, place: Place): void {
    const values = word === null || !place.certain ? [] : this.words(word);
    this.variables.set(name, values.length === 1 ? (values[0]?.value ?? null) : null);
  }

  #invoke(node: Command, words: ShellWord[], course: Course, place: Place): Courses {
    const program = words[0]?.value ?? "";
    const deeper = { ...place, depth: place.depth + 1, ended: null };
    const body = this.functions.get(program);
    if (body !== undefined && place.depth < MAX_DEPTH) {
      const ends = this.node(body, course, { ...deeper, certain: false });
      return ends.map((end) => (end.flow === "return" ? { ...end, flow: "on" } : end));
    }
    if (program === "exit" || program === "return") return leave(program, node, words, course);
    if (program === "set") return [setOptions(words, course)];
    if (DECLARING.has(program)) {
      for (const part of node.args) {
        if (part.type === "Assignment")
          this.#remember(part.name, part.value.type === "Word" ? part.value : null, place);
      }
    }
    const input = hereText(node.redirects);
    const command = walked(words, this.#outputs(node.redirects), input);
    const shell = shellSource(command, input);
    const script = shell === null || place.depth >= MAX_DEPTH ? null : this.#parseOnce(node, shell.source);
    if (shell !== null && script !== null) {
      const noted = this.noteOutputs(node.redirects, course, place);
      if (shell.shares) return this.list(script.commands, [noted], deeper);
      const fresh = { ...noted, errexit: shell.errexit, pipefail: shell.pipefail, saved: START.saved };
      const ends = this.list(script.commands, [fresh], { ...deeper, guarded: false, certain: false });
      return apart(noted, place.guarded, ends);
    }
    if (program === "echo" && this.#contradicts(node, words, course, place)) return [];
    return this.#try(node, command, node.redirects, course, place);
  }

  /** Whether the output shows that this `echo` did not run, or not after such a status. */
  #contradicts(node: Command, words: readonly ShellWord[], course: Course, place: Place): boolean {
    if (this.#trust !== "silence and echoes") return false;
    const echoed = echoedStatus(node.args, this.#output);
    const failed = echoed === null ? undefined : sourceFailed(course, echoed.source);
    if (echoed !== null && failed !== undefined && failed !== echoed.failed) return true;
    return !place.hidden && node.redirects.length === 0 && !mayHavePrinted(words.slice(1), this.#output);
  }

  /** A command that succeeds or fails: both, unless it is known better. */
  #try(node: object, command: WalkedCommand, redirects: readonly Redirection[], course: Course, place: Place): Courses {
    const index = this.#note(node, command, place);
    const ends: Course[] = [];
    // What contradicts the script's own end is followed only where nothing else is left to believe.
    const ended = this.#trust === "nothing" ? null : place.ended;
    if (command.program !== "false" && ended !== "nonzero") {
      ends.push({ ...withFate(changeDirectory(command.words, course), index, SUCCEEDED), failed: false });
    }
    if (ended !== "zero" && !this.#surelySucceeded(command, redirects)) {
      ends.push(stopOnError({ ...withFate(course, index, FAILED), failed: true }, place.guarded));
    }
    return ends;
  }

  #surelySucceeded(command: WalkedCommand, redirects: readonly Redirection[]): boolean {
    return this.#trust !== "nothing" && surelySucceeded(command, silencesErrors(redirects), this.#output);
  }

  #outputs(redirects: readonly Redirection[]): OutputFile[] {
    return outputsOf(redirects, (word) => this.words(word));
  }

  #note(node: object, command: WalkedCommand, { turn }: Place): number {
    let indexes = this.#indexes.get(turn);
    if (indexes === undefined) {
      indexes = new Map();
      this.#indexes.set(turn, indexes);
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
    const script = parse(source);
    const sound = script.errors === undefined || script.errors.length === 0 ? script : null;
    parsed.set(source, sound);
    return sound;
  }
}

function walked(words: ShellWord[], outputs: OutputFile[], input: string | null): WalkedCommand {
  const inner = unwrap(words);
  return { words, inner, program: programName(inner[0]), outputs, input };
}

/** `exit`, `return`: with a number, with a status the script knows, or with nobody knows what. */
function leave(flow: "exit" | "return", node: Command, words: readonly ShellWord[], course: Course): Courses {
  const argument = node.args[0];
  const source = argument?.type === "Word" ? statusSource(argument) : null;
  const known = argument === undefined ? course.failed : source === null ? undefined : sourceFailed(course, source);
  const number = words[1]?.value ?? "";
  const failed = known ?? (/^\d+$/.test(number) ? Number(number) !== 0 : null);
  return (failed === null ? [true, false] : [failed]).map((value) => ({ ...course, flow, failed: value }));
}
