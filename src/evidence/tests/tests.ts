// The test runs among a command's parts, and how they ended.
import type { CommandEvent } from "../../events/event.ts";
import type { CommandEnd } from "../command-end.ts";
import type { TestRun } from "../evidence.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import { quote, type ShellWord } from "../shell/words.ts";
import { programName, unwrapOnce } from "../shell/wrappers.ts";
import { runnerName } from "./runners.ts";
import { readVerdicts } from "./verdicts.ts";

interface TestCommand {
  cmd: string;
  program: string;
  command: SimpleCommand;
}

/** The test runs of one command event, in order. */
export function readTests(commands: readonly SimpleCommand[], event: CommandEvent, end: CommandEnd): TestRun[] {
  const found: TestCommand[] = [];
  for (const command of commands) {
    const test = recogniseTest(command.words);
    if (test !== null && !neverStarted(test.program, test.cmd, event.output)) found.push({ ...test, command });
  }
  if (found.length === 0) return [];
  const finished = end !== "unfinished";
  if (finished && found.every((test) => test.command.ran === "yes" && test.command.succeeded !== null)) {
    return found.map(({ cmd, command }) => ({ cmd, result: ownResult(command) ?? "unknown" }));
  }
  const verdicts = readVerdicts(found, event.output);
  return found.flatMap(({ cmd, command }, index): TestRun[] => {
    const verdict = verdicts[index] ?? null;
    if (command.ran === "maybe" && verdict === null && !announced(cmd, event.output)) return [];
    return [{ cmd, result: finished ? (ownResult(command) ?? verdict ?? "unknown") : "unknown" }];
  });
}

/** What the exit status says, where it is the runner's own. */
function ownResult(command: SimpleCommand): "pass" | "fail" | null {
  if (command.succeeded === null) return null;
  return command.succeeded ? "pass" : "fail";
}

/** The test command in these words, wrappers and the runner's folder left out; null where it is none. */
function recogniseTest(words: readonly ShellWord[]): { cmd: string; program: string } | null {
  let current: readonly ShellWord[] | null = words;
  while (current !== null && current.length > 0) {
    const all: readonly ShellWord[] = current;
    const path = all[0]?.value ?? null;
    if (path === null) return null;
    const program = runnerName(path, () => all.slice(1).map((word) => word.value ?? word.source));
    if (program !== null) return { cmd: [quote(program), ...all.slice(1).map(retype)].join(" "), program };
    current = unwrapOnce(current) ?? scriptOfInterpreter(current);
  }
  return null;
}

/** Quoted as typed where it needs quotes, and bare where it does not. */
function retype(word: ShellWord): string {
  if (word.value === null) return word.source;
  return quote(word.value) === word.value ? word.value : word.source;
}

/** `node node_modules/jest/bin/jest.js` and `php vendor/bin/phpunit` are the program they start. */
function scriptOfInterpreter(words: readonly ShellWord[]): ShellWord[] | null {
  if (!/^(node|bun|php|ruby|python[\d.]*)$/.test(programName(words[0]))) return null;
  const at = words.findIndex((word, index) => index > 0 && /^[^-]/.test(word.value ?? ""));
  const path = words[at]?.value ?? "";
  const name = /(?:^|\/)(?:bin|node_modules)\/(?:.*\/)?([\w.-]+?)(?:\.[cm]?js)?$/.exec(path)?.[1];
  if (at === -1 || name === undefined) return null;
  return [{ source: name, value: name }, ...words.slice(at + 1)];
}

/** No such script, target or program, in the words of the tools that were asked for it. */
const NO_SCRIPT =
  /^(npm (ERR!|error) )?Missing script: |ERR_PNPM_NO_SCRIPT|^error: Script not found |Couldn't find a script named/m;
const NO_PROGRAM = /could not determine executable to run|bundler: command not found: |^error: no such command: /m;
const NO_TARGET = /No rule to make target ['`"]?[\w-]*(test|check)/;
const NO_FILE = [": command not found", ": not found", ": No such file or directory", ": Permission denied"];

/** A runner, script or module that is not there has tested nothing. */
function neverStarted(program: string, cmd: string, output: string): boolean {
  if (/^(npm|pnpm|yarn|bun) /.test(cmd) && NO_SCRIPT.test(output)) return true;
  if (NO_PROGRAM.test(output) || (/^[gb]?make /.test(cmd) && NO_TARGET.test(output))) return true;
  const module = /^python\S* (?:.* )?-m (\w+)/.exec(cmd)?.[1];
  if (module !== undefined && output.includes(`No module named ${module}`)) return true;
  if (output.includes(`command not found: ${program}`)) return true;
  return NO_FILE.some((complaint) => output.includes(`: ${program}${complaint}`));
}

/** npm and its kin print the script they are about to run. */
function announced(cmd: string, output: string): boolean {
  return /^(npm|pnpm|yarn|bun) /.test(cmd) && /^(> (\S+ )?tests?\b|\$ )/m.test(output);
}
