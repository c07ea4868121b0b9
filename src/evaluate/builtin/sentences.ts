// The clauses and sentences of an entry about files, tests and failures.
import type { Evidence, FailedCommand, TestRun, TouchedFiles } from "../../evidence/evidence.ts";
import { plural } from "../../system/plural.ts";
import { code, list, someOf, times } from "./english.ts";

/** More files than this are counted by folder instead of named. */
const FILES_NAMED = 5;
const FOLDERS_NAMED = 4;
const TESTS_NAMED = 5;
const FAILURES_NAMED = 4;
const MAX_COMMAND_LENGTH = 80;

/** One clause for each kind of change: `modified …`, `created …`. */
export function fileClauses({ created, modified, deleted, moved }: TouchedFiles): string[] {
  return [
    ...clause("modified", modified),
    ...clause("created", created),
    ...clause("deleted", deleted),
    ...(moved.length === 0 ? [] : [movedClause(moved)]),
  ];
}

/** The same in a few words, for a summary. */
export function fileSummary(files: TouchedFiles): string {
  const { created, modified, deleted, moved } = files;
  const total = created.length + modified.length + deleted.length + moved.length;
  if (total <= 3) return list(fileClauses(files));
  const kinds = [
    ["modified", modified.length],
    ["created", created.length],
    ["deleted", deleted.length],
    ["moved", moved.length],
  ] as const;
  const counted = kinds.filter(([, amount]) => amount > 0);
  return list(counted.map(([verb, amount], at) => `${verb} ${at === 0 ? plural(amount, "file") : amount}`));
}

export function allPaths({ created, modified, deleted, moved }: TouchedFiles): string[] {
  return [...created, ...modified, ...deleted, ...moved.flatMap(({ from, to }) => [from, to])];
}

function clause(verb: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [`${verb} ${paths.length <= FILES_NAMED ? list(paths.map(code)) : byFolder(paths)}`];
}

function movedClause(moved: TouchedFiles["moved"]): string {
  const pairs = moved.slice(0, FILES_NAMED).map(({ from, to }) => `${code(from)} to ${code(to)}`);
  if (moved.length <= FILES_NAMED) return `moved ${list(pairs)}`;
  return `moved ${plural(moved.length, "file")}, including ${list(pairs.slice(0, 2))}`;
}

/** `34 files: 20 in src/, 10 in test/ and 4 elsewhere`. */
function byFolder(paths: readonly string[]): string {
  const folders = new Map<string, number>();
  for (const path of paths) folders.set(folderOf(path), (folders.get(folderOf(path)) ?? 0) + 1);
  const ranked = [...folders].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = plural(paths.length, "file");
  const [only] = ranked;
  if (only !== undefined && ranked.length === 1) return `${total} ${where(only[0])}`;
  const shown = ranked.slice(0, FOLDERS_NAMED).map(([folder, amount]) => `${amount} ${where(folder)}`);
  const rest = ranked.slice(FOLDERS_NAMED).reduce((sum, [, amount]) => sum + amount, 0);
  return `${total}: ${list(rest === 0 ? shown : [...shown, `${rest} elsewhere`])}`;
}

/** The first two levels; the first one alone is often just `src`. */
function folderOf(path: string): string {
  return path.split("/").slice(0, -1).slice(0, 2).join("/");
}

function where(folder: string): string {
  return folder === "" ? "at the top level" : `in ${code(`${folder}/`)}`;
}

/** For example: npm test passed after 2 failures; node --test x failed. */
export function testSentence(tests: readonly TestRun[]): string | null {
  if (tests.length === 0) return null;
  const runs = Map.groupBy(tests, ({ cmd }) => cmd);
  const clauses = [...runs].map(([cmd, group]) => `${code(cmd)} ${historyOf(group.map(({ result }) => result))}`);
  const rest = clauses.length - TESTS_NAMED;
  if (rest > 0) clauses.splice(TESTS_NAMED, rest, `${plural(rest, "other test command")} ran as well`);
  return `${clauses.join("; ")}.`;
}

const VERB = { pass: "passed", fail: "failed", unknown: "ended with an unknown result" };

function historyOf(results: readonly TestRun["result"][]): string {
  const last = results.at(-1) ?? "unknown";
  const amountOf = (wanted: TestRun["result"]) => results.filter((result) => result === wanted).length;
  if (amountOf(last) === results.length)
    return results.length === 1 ? VERB[last] : `${VERB[last]} ${times(results.length)}`;
  const others = [
    { result: "fail", text: plural(amountOf("fail"), "failure") },
    { result: "pass", text: plural(amountOf("pass"), "pass", "passes") },
    { result: "unknown", text: plural(amountOf("unknown"), "unknown result") },
  ] as const;
  const earlier = others.filter(({ result }) => result !== last && amountOf(result) > 0);
  return `${VERB[last]} after ${list(earlier.map(({ text }) => text))}`;
}

/** The commands that failed, except tests, which have a sentence of their own. */
export function failureSentence({ failedCommands, tests }: Pick<Evidence, "failedCommands" | "tests">): string | null {
  const failedTests = tests.filter(({ result }) => result === "fail").map(({ cmd }) => cmd);
  const failed = failedCommands.filter(({ command }) => !failedTests.some((cmd) => command.includes(cmd)));
  const [first] = failed;
  if (first === undefined) return null;
  const names = [...new Set(failed.map(({ command }) => code(firstLine(command))))];
  if (names.length === 1) return onlyFailure(first, failed.length);
  const shown =
    names.length <= FAILURES_NAMED ? `: ${list(names)}` : `, including ${list(names.slice(0, FAILURES_NAMED))}`;
  const total = failed.length === names.length ? "" : `, ${failed.length} times in total`;
  return `${plural(names.length, "command")} failed${total}${shown}.`;
}

function onlyFailure({ command, exitCode }: FailedCommand, amount: number): string {
  const suffix = amount > 1 ? ` ${times(amount)}` : exitCode === null ? "" : ` with exit status ${exitCode}`;
  return `${code(firstLine(command))} failed${suffix}.`;
}

export function failedEditSentence(failedEdits: Evidence["failedEdits"]): string | null {
  if (failedEdits.length === 0) return null;
  const paths = [...new Set(failedEdits.flatMap((edit) => edit.paths))];
  const to = paths.length === 0 ? "" : ` to ${someOf(paths.map(code), 3, "file")}`;
  return failedEdits.length === 1 ? `An edit${to} did not apply.` : `${failedEdits.length} edits${to} did not apply.`;
}

function firstLine(command: string): string {
  const [first = "", ...rest] = command.trim().split("\n");
  return first.length > MAX_COMMAND_LENGTH
    ? `${first.slice(0, MAX_COMMAND_LENGTH - 1).toWellFormed()}…`
    : rest.length > 0
      ? `${first} …`
      : first;
}
