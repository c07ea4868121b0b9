// The test runs of a command, and their results.
import type { TestRun } from "../evidence.ts";
import { isFilter } from "../shell/programs.ts";
import type { CommandRun, SimpleCommand } from "../shell/read-command.ts";
import { familyOf, readSummaries, type Summary, type TestResult } from "./summaries.ts";
import { mayStartTests, recognizeTest, typed } from "./test-commands.ts";

interface TestCommand {
  /** The runner and its arguments. */
  cmd: string;
  command: SimpleCommand;
  /** A filter may have dropped the lines of its output that say that tests failed. */
  isFiltered: boolean;
  /** Only the output shows that the command ran tests: a summary in it counts more than the exit status. */
  isSupposed: boolean;
}

/** The test runs of a command, in order. */
export function readTests({ event, end, commands }: CommandRun): TestRun[] {
  const readsFilesBack = commands.some(({ inner }) => isFilter(inner));
  const testOf = (command: SimpleCommand, cmd: string, isSupposed: boolean): TestCommand => {
    const isFiltered = command.isFiltered || (command.outputs.length > 0 && readsFilesBack);
    return { cmd, command, isFiltered, isSupposed };
  };
  let found = commands.flatMap((command): TestCommand[] => {
    const test = recognizeTest(command.words);
    if (test === null || neverStarted(test.program, test.cmd, event.output)) return [];
    if (test.isSupposed && readSummaries(event.output).length === 0) return [];
    return [testOf(command, test.cmd, test.isSupposed)];
  });
  if (found.length === 0) {
    // A script of any name that prints the summary of a runner ran it.
    const scripts = commands.filter(({ inner }) => mayStartTests(inner));
    const [script] = scripts;
    if (script === undefined || scripts.length > 1 || !readSummaries(event.output).some((one) => one.counts)) return [];
    const [program, ...args] = script.inner;
    found = [testOf(script, typed(program?.value ?? "", args), true)];
  }
  const finished = end !== "unfinished";
  const isCertain = ({ command, isSupposed }: TestCommand) =>
    command.ran === "yes" && command.succeeded !== null && !isSupposed;
  if (finished && found.every(isCertain)) {
    return found.map(({ cmd, command }) => ({ cmd, result: ownResult(command) ?? "unknown" }));
  }
  const results = resultsByOutput(found, event.output);
  return found.flatMap(({ cmd, command, isFiltered, isSupposed }, index): TestRun[] => {
    const printed = results[index] ?? null;
    if (command.ran === "maybe" && printed === null && !printsScript(cmd, event.output)) return [];
    const shown = isFiltered && printed === "pass" ? null : printed;
    const own = isSupposed && shown === "fail" ? shown : ownResult(command);
    return [{ cmd, result: finished ? (own ?? shown ?? "unknown") : "unknown" }];
  });
}

/** The result by the runner's own exit status; null if that is unknown. */
function ownResult(command: SimpleCommand): "pass" | "fail" | null {
  if (command.succeeded === null) return null;
  return command.succeeded ? "pass" : "fail";
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
