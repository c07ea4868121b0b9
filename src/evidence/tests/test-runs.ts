// The test runs of a command, and their results.
import type { TestRun } from "../evidence.ts";
import { programName, unwrapOnce } from "../shell/programs.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { quote, type ShellWord } from "../shell/words.ts";
import { runnerName } from "./runners.ts";
import { familyOf, readSummaries, type Summary, type TestResult } from "./summaries.ts";

interface TestCommand {
  /** The runner and its arguments. */
  cmd: string;
  command: SimpleCommand;
}

/** The test runs of a command, in order. */
export function readTests({ event, end, commands }: CommandRun): TestRun[] {
  const found = commands.flatMap((command): TestCommand[] => {
    const test = recognizeTest(command.words);
    return test === null || neverStarted(test.program, test.cmd, event.output) ? [] : [{ cmd: test.cmd, command }];
  });
  if (found.length === 0) return [];
  const finished = end !== "unfinished";
  if (finished && found.every((test) => test.command.ran === "yes" && test.command.succeeded !== null)) {
    return found.map(({ cmd, command }) => ({ cmd, result: ownResult(command) ?? "unknown" }));
  }
  const results = resultsByOutput(found, event.output);
  return found.flatMap(({ cmd, command }, index): TestRun[] => {
    const printed = results[index] ?? null;
    if (command.ran === "maybe" && printed === null && !printsScript(cmd, event.output)) return [];
    return [{ cmd, result: finished ? (ownResult(command) ?? printed ?? "unknown") : "unknown" }];
  });
}

/** The result by the runner's own exit status; null if that is unknown. */
function ownResult(command: SimpleCommand): "pass" | "fail" | null {
  if (command.succeeded === null) return null;
  return command.succeeded ? "pass" : "fail";
}

/** The test command in these words, without wrappers and the runner's folder; null where it runs no tests. */
function recognizeTest(words: readonly ShellWord[]): { cmd: string; program: string } | null {
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

/** Quoted as typed where it needs quotes, else without them. */
function retype(word: ShellWord): string {
  if (word.value === null) return word.source;
  return quote(word.value) === word.value ? word.value : word.source;
}

/** `node node_modules/jest/bin/jest.js` counts as `jest`, `php vendor/bin/phpunit` as `phpunit`. */
function scriptOfInterpreter(words: readonly ShellWord[]): ShellWord[] | null {
  if (!/^(node|bun|php|ruby|python[\d.]*)$/.test(programName(words[0]))) return null;
  const at = words.findIndex((word, index) => index > 0 && /^[^-]/.test(word.value ?? ""));
  const path = words[at]?.value ?? "";
  const name = /(?:^|\/)(?:bin|node_modules)\/(?:.*\/)?([\w.-]+?)(?:\.[cm]?js)?$/.exec(path)?.[1];
  if (at === -1 || name === undefined) return null;
  return [{ source: name, value: name }, ...words.slice(at + 1)];
}

/** Messages that a script, target or program does not exist. */
const NO_SCRIPT =
  /^(npm (ERR!|error) )?Missing script: |ERR_PNPM_NO_SCRIPT|^error: Script not found |Couldn't find a script named/m;
const NO_PROGRAM = /could not determine executable to run|bundler: command not found: |^error: no such command: /m;
const NO_TARGET = /No rule to make target ['`"]?[\w-]*(test|check)/;
const NO_FILE = [": command not found", ": not found", ": No such file or directory", ": Permission denied"];

/** Whether the output says that the runner, script or module does not exist. */
function neverStarted(program: string, cmd: string, output: string): boolean {
  if (/^(npm|pnpm|yarn|bun) /.test(cmd) && NO_SCRIPT.test(output)) return true;
  if (NO_PROGRAM.test(output) || (/^[gb]?make /.test(cmd) && NO_TARGET.test(output))) return true;
  const module = /^python\S* (?:.* )?-m (\w+)/.exec(cmd)?.[1];
  if (module !== undefined && output.includes(`No module named ${module}`)) return true;
  if (output.includes(`command not found: ${program}`)) return true;
  return NO_FILE.some((message) => output.includes(`: ${program}${message}`));
}

/** Whether a package manager printed the script it was about to run. */
function printsScript(cmd: string, output: string): boolean {
  return /^(npm|pnpm|yarn|bun) /.test(cmd) && /^(> (\S+ )?tests?\b|\$ )/m.test(output);
}

/** Pass or fail of each test command by the output; null if no summary can be assigned to the command. */
function resultsByOutput(tests: readonly TestCommand[], output: string): (TestResult | null)[] {
  const summaries = readSummaries(output);
  const results = new Map<TestCommand, TestResult | null>();
  const families = Map.groupBy(tests, ({ cmd }) => familyOf(cmd));
  for (const [family, group] of families) {
    const own = summaries.filter((summary) => summary.family === family);
    // `npm test` may print the summary of any runner, except one that another command prints.
    const others = family === null || tests.length === 1 ? summaries.filter((one) => !families.has(one.family)) : [];
    const assigned = assign(group, own.length > 0 ? own : others);
    for (const [index, test] of group.entries()) results.set(test, assigned[index] ?? null);
  }
  return tests.map((test) => results.get(test) ?? null);
}

/** The results of commands that print the same kind of summary, in order. */
function assign(tests: readonly TestCommand[], summaries: readonly Summary[]): (TestResult | null)[] {
  if (summaries.length === 0) return [];
  const failed = summaries.filter(({ result }) => result === "fail").length;
  if (tests.length === 1) return [failed > 0 ? "fail" : "pass"];
  const isUncertain = tests.some(({ command }) => command.ran === "maybe");
  const ones = summaries.filter(({ once }) => once);
  // With fewer summaries than commands, the last commands did not run.
  if (ones.length === tests.length || (isUncertain && ones.length > 0 && ones.length < tests.length)) {
    return ones.map(({ result }) => result);
  }
  if (failed === 0) return tests.map(() => "pass");
  if (failed < summaries.length) return [];
  return tests.map(({ command }, index) => (index === 0 || command.ran === "yes" ? "fail" : null));
}
