// Tests and failures, in words.
import type { Evidence, FailedCommand, TestRun } from "../../evidence/evidence.ts";
import { code, count, list, someOf, times } from "./english.ts";

const TESTS_NAMED = 5;
const FAILURES_NAMED = 4;

/** `npm test passed in the end, after 2 failures; node --test x failed`. */
export function testSentence(tests: readonly TestRun[]): string | null {
  if (tests.length === 0) return null;
  const runs = Map.groupBy(tests, ({ cmd }) => cmd);
  const clauses = [...runs].map(([cmd, group]) => `${code(cmd)} ${courseOf(group.map(({ result }) => result))}`);
  const rest = clauses.length - TESTS_NAMED;
  if (rest > 0) clauses.splice(TESTS_NAMED, rest, `${count(rest, "other test command")} ran as well`);
  return `${clauses.join("; ")}.`;
}

const VERB = { pass: "passed", fail: "failed", unknown: "ended with an unknown result" };

function courseOf(results: readonly TestRun["result"][]): string {
  const last = results.at(-1) ?? "unknown";
  const before = (result: TestRun["result"]) => results.filter((other) => other === result).length;
  if (before(last) === results.length)
    return results.length === 1 ? VERB[last] : `${VERB[last]} ${times(results.length)}`;
  const others = [
    ...(last === "fail" || before("fail") === 0 ? [] : [count(before("fail"), "failure")]),
    ...(last === "pass" || before("pass") === 0 ? [] : [count(before("pass"), "pass", "passes")]),
    ...(last === "unknown" || before("unknown") === 0 ? [] : [count(before("unknown"), "unknown result")]),
  ];
  return `${VERB[last]} in the end, after ${list(others)}`;
}

/** The commands that failed, but for the tests, which have a sentence of their own. */
export function failureSentence({ failedCommands, tests }: Pick<Evidence, "failedCommands" | "tests">): string | null {
  const failedTests = tests.filter(({ result }) => result === "fail").map(({ cmd }) => cmd);
  const failed = failedCommands.filter(({ command }) => !failedTests.some((cmd) => command.includes(cmd)));
  const [first] = failed;
  if (first === undefined) return null;
  const names = [...new Set(failed.map(({ command }) => code(firstLine(command))))];
  if (names.length === 1) return onlyFailure(first, failed.length);
  const shown =
    names.length <= FAILURES_NAMED ? `: ${list(names)}` : `, among them ${list(names.slice(0, FAILURES_NAMED))}`;
  const often = failed.length === names.length ? "" : `, ${failed.length} times in all`;
  return `${count(names.length, "command")} failed${often}${shown}.`;
}

function onlyFailure({ command, exitCode }: FailedCommand, amount: number): string {
  const how = amount > 1 ? ` ${times(amount)}` : exitCode === null ? "" : ` with exit status ${exitCode}`;
  return `${code(firstLine(command))} failed${how}.`;
}

export function failedEditSentence(failedEdits: Evidence["failedEdits"]): string | null {
  if (failedEdits.length === 0) return null;
  const paths = [...new Set(failedEdits.flatMap((edit) => edit.paths))];
  const to = paths.length === 0 ? "" : ` to ${someOf(paths.map(code), 3, "file")}`;
  return failedEdits.length === 1 ? `An edit${to} did not apply.` : `${failedEdits.length} edits${to} did not apply.`;
}

function firstLine(command: string): string {
  const [first = "", ...rest] = command.trim().split("\n");
  return first.length > 80 ? `${first.slice(0, 79).toWellFormed()}…` : rest.length > 0 ? `${first} …` : first;
}
