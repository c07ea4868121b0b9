// Reads shell source as a shell would, without running it: which simple commands there are, in order, where each ran,
// and what the exit status of the whole tells about each of them.

import { parse, type Script } from "unbash";
import type { CommandEnd } from "../command-end.ts";
import type { WalkedCommand } from "./command-walk.ts";
import { type Course, FAILED, NOT_RUN, SUCCEEDED, uniteFates } from "./courses.ts";
import type { OutputFile } from "./redirections.ts";
import { ShellWalk } from "./walk.ts";
import type { ShellWord } from "./words.ts";

/** One command of a script, as far as it may have run. */
export interface SimpleCommand {
  /** Name and arguments; empty for assignments and for the redirections of a group. */
  words: ShellWord[];
  /** Without the wrappers: the innermost command line that runs on this machine. */
  inner: readonly ShellWord[];
  /** The name of the program that starts; empty where it is unknown. */
  program: string;
  outputs: OutputFile[];
  /** The here-document it read, where its text is known. */
  input: string | null;
  /** Where it ran: relative to where the script began, absolute, or from `~`; null where unknown. */
  directory: string | null;
  /** Whether it ran for sure. A command that surely did not run is not listed. */
  ran: "yes" | "maybe";
  /** How it ended, if it ran: known only where the exit status of the whole, or the script itself, tells. */
  succeeded: boolean | null;
}

/** How the whole script ended, and what it printed. */
export interface ShellEnd {
  status: CommandEnd;
  output: string;
}

const MAX_SOURCE = 256 * 1024;

/** The simple commands of a script in the order of the source; none where it does not parse. */
export function readShell(source: string, end: ShellEnd): SimpleCommand[] {
  if (source.length > MAX_SOURCE) return [];
  const script = parse(source);
  if (script.errors !== undefined && script.errors.length > 0) return [];
  if (end.status === "unfinished") return unfinished(script);
  // First believe what commands say and do not say; where that contradicts the exit status, believe only the status.
  for (const trust of ["silence and echoes", "silence", "nothing"] as const) {
    const walk = new ShellWalk(end.output, trust);
    const courses = walk.run(script, end.status === "unknown" ? null : end.status);
    if (courses === null) return [];
    const possible = courses.filter((course) => agrees(course, end));
    if (possible.length > 0) return commandsOf(walk.commands, possible);
    if (trust === "nothing" && courses.length > 0) return commandsOf(walk.commands, courses);
  }
  return [];
}

/** How far it came nobody knows; only what comes first surely began. */
function unfinished(script: Script): SimpleCommand[] {
  const walk = new ShellWalk("", "silence");
  const courses = walk.run(script, null);
  if (courses === null) return [];
  return commandsOf(walk.commands, courses).map((command) => ({ ...command, succeeded: null }));
}

function agrees(course: Course, end: ShellEnd): boolean {
  return end.status === "unknown" || course.failed === (end.status === "nonzero");
}

function commandsOf(commands: readonly WalkedCommand[], courses: readonly Course[]): SimpleCommand[] {
  const fates = uniteFates(courses);
  const result: SimpleCommand[] = [];
  for (const [index, command] of commands.entries()) {
    const fate = fates.get(index);
    if (fate === undefined || (fate.bits & (SUCCEEDED | FAILED)) === 0) continue;
    result.push({
      ...command,
      directory: fate.directory,
      ran: fate.bits & NOT_RUN ? "maybe" : "yes",
      succeeded: fate.bits & FAILED ? (fate.bits & SUCCEEDED ? null : false) : true,
    });
  }
  return result;
}
