// Reads the shell script of a command event without running it: which simple commands it has, in order, where each ran,
// and what the exit status of the whole script tells about each of them.
import type { Script } from "unbash";
import type { CommandEvent } from "../../events/event.ts";
import type { OutputFile } from "./command-output.ts";
import type { WalkedCommand } from "./command-walk.ts";
import { type ExecPaths, FAILED, mergeOutcomes, NOT_RUN, SUCCEEDED } from "./exec-paths.ts";
import { ScriptWalk } from "./script-walk.ts";
import { parseScript, resolveFrom, type ShellWord } from "./words.ts";

/** A command event with its script, read once for everything that derives facts from it. */
export interface CommandRun {
  event: CommandEvent;
  end: CommandEnd;
  /** Empty where the script cannot be parsed. */
  commands: readonly SimpleCommand[];
}

/** How a script ended. `unfinished`: it still ran when the log ends, or was stopped from outside. */
export type CommandEnd = "zero" | "nonzero" | "unknown" | "unfinished";

/** One command of a script that ran or may have run. */
export interface SimpleCommand {
  /** Name and arguments; empty for assignments and for the redirections of a group. */
  words: ShellWord[];
  /** Without the wrappers: the innermost command line that runs on this machine. */
  inner: readonly ShellWord[];
  /** The name of the program that starts; empty where it is unknown. */
  program: string;
  /** The git command line, where the program is git. */
  git: GitCommand | null;
  outputs: OutputFile[];
  /** A later part of its pipeline drops lines of its output. */
  isFiltered: boolean;
  /** The here-document it read, where its text is known. */
  input: string | null;
  /** Where it ran: relative to where the script began, absolute, or from `~`; null where unknown. */
  directory: string | null;
  /** Whether it surely ran. A command that surely did not run is not listed. */
  ran: "yes" | "maybe";
  /** How it ended, if it ran; null where neither the exit status of the script nor the script itself tells. */
  succeeded: boolean | null;
}

/** `git -C dir -c name=value verb …`. */
export interface GitCommand {
  verb: string;
  args: readonly ShellWord[];
  /** Where it ran, `-C` applied; null if unknown, or if it worked on another repository (`--git-dir`). */
  directory: string | null;
}

export function readCommand(event: CommandEvent): CommandRun {
  const end = endOf(event);
  return { event, end, commands: readScript(event.command, end, event.output) };
}

/** The folders a command ran in: the event's working directory first, then those the script changes to. */
export function visitedFolders({ event: { cwd }, commands }: CommandRun): string[] {
  if (cwd === null) return [];
  return [cwd, ...commands.flatMap(({ directory }) => (directory === null ? [] : (resolveFrom(cwd, directory) ?? [])))];
}

/** Exit statuses of stopped commands: by a time limit, ctrl-C, SIGKILL, SIGTERM. */
const STOPPED = [124, 130, 137, 143];

function endOf({ outcome, exitCode }: CommandEvent): CommandEnd {
  if (outcome === "interrupted" || outcome === "running" || STOPPED.includes(exitCode ?? 0)) return "unfinished";
  if (exitCode !== null) return exitCode === 0 ? "zero" : "nonzero";
  return outcome === "ok" ? "zero" : outcome === "failed" ? "nonzero" : "unknown";
}

const MAX_SOURCE = 256 * 1024;

/** The simple commands of a script in the order of the source; none where it does not parse. */
export function readScript(source: string, end: CommandEnd, output: string): SimpleCommand[] {
  const script = source.length > MAX_SOURCE ? null : parseScript(source);
  if (script === null) return [];
  if (end === "unfinished") return readUnfinished(script);
  // The output and the exit status are used; if they contradict each other, the exit status alone.
  for (const trust of ["no-error-and-echo", "no-error", "nothing"] as const) {
    const walk = new ScriptWalk(output, trust);
    const paths = walk.run(script, end === "unknown" ? null : end);
    if (paths === null) return [];
    const possible = paths.filter(({ failed }) => end === "unknown" || failed === (end === "nonzero"));
    if (possible.length > 0) return commandsOf(walk.commands, possible);
    if (trust === "nothing" && paths.length > 0) return commandsOf(walk.commands, paths);
  }
  return [];
}

/** Reads a script of which only the first command surely started. */
function readUnfinished(script: Script): SimpleCommand[] {
  const walk = new ScriptWalk("", "no-error");
  const paths = walk.run(script, null);
  if (paths === null) return [];
  return commandsOf(walk.commands, paths).map((command) => ({ ...command, succeeded: null }));
}

function commandsOf(commands: readonly WalkedCommand[], paths: ExecPaths): SimpleCommand[] {
  const outcomes = mergeOutcomes(paths);
  return commands.flatMap((command, index): SimpleCommand[] => {
    const { bits, directory } = outcomes.get(index) ?? { bits: NOT_RUN, directory: null };
    if ((bits & (SUCCEEDED | FAILED)) === 0) return [];
    const ran = bits & NOT_RUN ? "maybe" : "yes";
    const succeeded = bits & FAILED ? (bits & SUCCEEDED ? null : false) : true;
    return [{ ...command, directory, ran, succeeded, git: gitCommandOf(command, directory) }];
  });
}

/** Global options of git that take the next word as their value. */
const VALUED = new Set("-c --git-dir --work-tree --namespace --exec-path --super-prefix --config-env".split(" "));

function gitCommandOf({ program, inner, hasGitDir }: WalkedCommand, from: string | null): GitCommand | null {
  if (program !== "git") return null;
  let directory = hasGitDir ? null : from;
  let index = 1;
  for (; index < inner.length; index++) {
    const option = inner[index]?.value ?? "";
    if (option === "-C") {
      const target = inner[++index]?.value ?? null;
      directory = target === null ? null : resolveFrom(directory, target);
    } else if (VALUED.has(option)) {
      index++;
      if (option === "--git-dir" || option === "--work-tree") directory = null;
    } else if (option.startsWith("--git-dir=") || option.startsWith("--work-tree=")) directory = null;
    else if (!option.startsWith("-")) break;
  }
  const verb = inner[index]?.value;
  return verb === undefined || verb === null ? null : { verb, args: inner.slice(index + 1), directory };
}
