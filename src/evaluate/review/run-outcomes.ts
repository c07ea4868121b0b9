// What the commands, tests, commits and files of a run prove, as far as a claim can be about it.
import type { Digest, DigestItem } from "../../digest/digest.ts";
import { type OutcomeFact, type OutcomeKind, outcomesOf } from "../../digest/outcomes.ts";
import type { Evidence } from "../../evidence/evidence.ts";

/** Proof for one kind of event: it happened, was tried in vain, or may have happened. */
export interface Proof {
  done: boolean;
  failed: boolean;
  unknown: boolean;
}

export interface TestCount {
  total: number;
  passed: number;
  failed: number;
}

export interface TestRunProof {
  command: string;
  result: "pass" | "fail" | "unknown";
  /** It ran only some of the tests: files or a pattern were given. */
  isPartial: boolean;
  /** The counts in the last lines of its output; null where these show none. */
  count: TestCount | null;
}

export interface CheckResult {
  name: string;
  result: "pass" | "fail" | "pending";
}

export interface RunCommand {
  text: string;
  outcome: string;
  output: string;
}

export interface RunOutcomes {
  outcomes: readonly OutcomeFact[];
  commands: readonly RunCommand[];
  tests: readonly TestRunProof[];
  /** A command that is probably a test, although no known test runner was found in it, succeeded. */
  mayHavePassed: boolean;
  checks: readonly CheckResult[];
  evidence: Evidence;
  /** The files that edits of the run wrote, repeated as often as they were edited. */
  edits: readonly string[];
  /** Every text that proves a name or a number: facts, prompts, commands and outputs, in lower case. */
  words: string;
  /** The replies: they may name a value of the code, but prove no outcome. */
  replies: string;
  /** Names of other tools that were called with success, in lower case. */
  tools: string;
  prove(...kinds: OutcomeKind[]): Proof;
}

const PROBABLY_TEST = /test|spec\b|check|verify|lint|jest|mocha|tox|nox|make\b|ci\b/i;

export function runOutcomes(digest: Digest, evidence: Evidence): RunOutcomes {
  const { timeline, facts } = digest;
  const commands = timeline.flatMap((item): RunCommand[] =>
    "command" in item && item.outcome !== "refused"
      ? [{ text: item.command, outcome: item.outcome, output: item.output_tail ?? "" }]
      : [],
  );
  const outcomes = facts.outcomes ?? timeline.flatMap(outcomesOfItem);
  const outputs = commands.map(({ output }) => output);
  return {
    outcomes,
    commands,
    tests: testRuns(evidence, commands),
    mayHavePassed:
      evidence.tests.length === 0 && commands.some(({ text, outcome }) => outcome === "ok" && PROBABLY_TEST.test(text)),
    checks: outputs.flatMap(checksOf),
    evidence,
    edits: timeline.flatMap((item) => ("edit" in item && item.outcome === "ok" ? item.edit : [])),
    words: timeline.map(textOf).join("\n").toLowerCase(),
    replies: timeline.flatMap((item) => ("reply" in item ? item.reply : [])).join("\n"),
    tools: timeline
      .flatMap((item) => ("tool" in item && item.outcome === "ok" ? item.tool : []))
      .join(" ")
      .toLowerCase(),
    prove: (...kinds) => {
      const found = outcomes.filter(({ kind }) => kinds.includes(kind));
      const has = (result: OutcomeFact["result"]) => found.some((one) => one.result === result);
      return { done: has("done"), failed: has("failed"), unknown: has("unknown") };
    },
  };
}

function outcomesOfItem(item: DigestItem): OutcomeFact[] {
  if (!("command" in item)) return [];
  const { command, outcome, exit_code: exitCode = null, output_tail: output = "" } = item;
  return outcomesOf({ command, outcome, exitCode, output });
}

function textOf(item: DigestItem): string {
  if ("prompt" in item) return item.prompt;
  if ("command" in item) return `${item.command}\n${item.exit_code ?? ""}\n${item.output_tail ?? ""}`;
  if ("edit" in item) return `${item.edit.join("\n")}\n${item.error_tail ?? ""}`;
  if ("tool" in item) return item.output_tail ?? "";
  if ("search" in item) return item.search;
  return "notice" in item ? item.notice : "";
}

/** Options and operands with which a runner runs only some of its tests. */
const PARTIAL =
  /(?:^|\s)(?:-t|-k|-g|-m|-run|--run|--grep|--filter|--only|--test-name-pattern|--testNamePattern|-E)[= ]|\S+[./](?:test|spec)s?[./]?\S*|\S*(?:test|spec)s?\/\S+|::/;

function testRuns({ tests }: Evidence, commands: readonly RunCommand[]): TestRunProof[] {
  const failures = commands.filter(({ outcome }) => outcome === "failed");
  let next = 0;
  return tests.map(({ cmd, result }) => {
    let count: TestCount | null = null;
    if (result === "fail") {
      const at = failures.findIndex(
        ({ text }, index) =>
          index >= next && text.includes(cmd.split(" ")[0] ?? cmd) && text.includes(cmd.split(" ").at(-1) ?? ""),
      );
      if (at !== -1) {
        count = countOf(failures[at]?.output ?? "");
        next = at + 1;
      }
    }
    const operands = cmd.replace(/^\S+(?:\s+(?:run\s+)?test)?/, "");
    return { command: cmd, result, isPartial: PARTIAL.test(operands), count };
  });
}

/** The counts of a summary: `# pass 3`, `3 passed, 1 failed`, `Tests: 1 failed, 3 passed, 4 total`. */
function countOf(output: string): TestCount | null {
  const read = (word: string) => {
    const found =
      new RegExp(`^(?:#|ℹ) ${word}(?:ed|ing)? (\\d+)$`, "m").exec(output) ??
      [...output.matchAll(new RegExp(`(\\d+) (?:tests? )?${word}(?:ed|ing|ures?|s)?\\b`, "g"))].at(-1);
    return found?.[1] === undefined ? null : Number(found[1]);
  };
  const passed = read("pass");
  const failed = read("fail");
  if (passed === null && failed === null) return null;
  return { passed: passed ?? 0, failed: failed ?? 0, total: (passed ?? 0) + (failed ?? 0) };
}

/** The rows of `gh pr checks`: name, result, duration. */
function checksOf(output: string): CheckResult[] {
  return [...output.matchAll(/^\W*(\S.*?)[\t ]+(pass|fail|pending|success|failure|queued|in_progress)\b/gm)].map(
    ([, name = "", word = ""]) => ({
      name: name.trim().toLowerCase(),
      result: /^(?:pass|succ)/.test(word) ? "pass" : /^fail/.test(word) ? "fail" : "pending",
    }),
  );
}
