// The lines in which test runners summarize their runs. They decide the result if the shell hides the runner's exit status.

import { plainText } from "../plain-text.ts";

export type TestResult = "pass" | "fail";

/** One summary line of a runner. */
export interface Summary {
  /** The runner's kind: several programs share one (`tap`: node, tape, prove). */
  family: string;
  result: TestResult;
  /** A runner prints this line once per run; other lines may be repeated. */
  once: boolean;
  /** The line counts tests, so only a runner prints it: a build prints `BUILD SUCCESSFUL` too. */
  counts: boolean;
}

type Judge = (match: RegExpExecArray) => TestResult | null;

const pass: Judge = () => "pass";
const fail: Judge = () => "fail";
/** The first group counts failures. */
const zero: Judge = (match) => (Number(match[1]) === 0 ? "pass" : "fail");
/** The first group is this word where the tests passed. */
const named =
  (word: string): Judge =>
  (match) =>
    match[1]?.toLowerCase() === word ? "pass" : "fail";
/** The first group holds counts: `1 failed, 2 passed`. */
const counts: Judge = (match) => {
  const text = match[1] ?? "";
  if (/\b[1-9]\d* (failed|failures?|errors?|interrupted|timed out)\b/i.test(text)) return "fail";
  return /\b\d+ (passed|skipped|xfailed|xpassed|failures?|todo|pending|total|deselected|warnings?)\b/i.test(text)
    ? "pass"
    : null;
};

const COUNTS_TESTS =
  /\b[1-9]\d* (?:tests?|specs?|examples?|scenarios?|runs?|passed|passing|pass|failed|failing|fail|failures?|successes)\b/i;

const SUMMARIES: readonly [family: string, pattern: RegExp, judge: Judge, once?: "once"][] = [
  ["tap", /^(?:#|ℹ) fail +(\d+)$/gm, zero, "once"],
  ["tap", /^(?:#|ℹ) cancelled +[1-9]\d*$/gm, fail],
  ["tap", /^# ok$/gm, pass],
  ["tap", /^# failed \d+ (?:of \d+ )?tests?/gm, fail],
  ["tap", /^not ok \d+(?!.*# (?:TODO|SKIP))/gim, fail],
  ["tap", /^All tests successful\.$/gm, pass],
  ["tap", /^Result: (PASS|FAIL)$/gm, named("pass")],
  ["vitest", /^ *Tests {2,}([^()\n]{1,200}) \(\d+\)/gm, counts, "once"],
  ["vitest", /^ *Test Files {2,}\d+ failed/gm, fail],
  ["vitest", /^ *Errors {2,}\d+ errors?$/gm, fail],
  ["jest", /^Tests: {1,8}(\d[^\n]{1,200} total)$/gm, counts, "once"],
  ["jest", /^Test Suites: {1,8}\d+ failed/gm, fail],
  ["mocha", /^ *(\d+) failing$/gm, zero],
  ["mocha", /^ *[1-9]\d* passing(?: \([^)\n]{1,20}\))?$/gm, pass],
  ["cypress", /All specs passed!/g, pass],
  ["cypress", /\d+ of \d+ failed \(\d+%\)/g, fail],
  ["playwright", /^ {1,4}[1-9]\d* passed \([^)\n]{1,20}\)$/gm, pass],
  ["playwright", /^ {1,4}[1-9]\d* (?:failed|interrupted|timed out)$/gm, fail],
  ["ava", /^ {1,4}[1-9]\d* tests? passed/gm, pass],
  ["ava", /^ {1,4}[1-9]\d* (?:tests? failed|uncaught exceptions?|unhandled rejections?)/gm, fail],
  ["bun", /^ {1,4}(\d+) fail$/gm, zero, "once"],
  ["deno", /^(ok|FAILED) \| \d+ passed/gm, named("ok"), "once"],
  ["pytest", /^(?:=+ )?((?:\d+ [a-z]+(?: passed)?(?:, )?){1,9}) in [\d.:]+s?\b/gm, counts, "once"],
  ["pytest", /^(?:=+ )?no tests ran in /gm, fail],
  ["unittest", /^(OK|FAILED)(?: \([^)\n]{1,99}\))?$/gm, named("ok"), "once"],
  ["go", /^ok {1,4}\t\S+/gm, pass],
  ["go", /^PASS$/gm, pass],
  ["go", /^(?:FAIL(?:\t.*)?|--- FAIL: .*)$/gm, fail],
  [
    "go",
    /^DONE \d+ tests?(?:, \d+ skipped)?((?:, \d+ (?:failures?|errors?))?) in /gm,
    (match) => (match[1] ? "fail" : "pass"),
  ],
  ["cargo", /^test result: (ok|FAILED)\./gm, named("ok")],
  ["cargo", /^error: (?:test failed|could not compile|\d+ targets? failed)/gm, fail],
  ["cargo", /^ *Summary \[[^\]\n]{1,30}\] +\d+ tests? run: ([^\n]{1,120})/gm, counts],
  [
    "maven",
    /^(?:\[\w+\] )?Tests run: \d+, Failures: (\d+), Errors: (\d+)/gm,
    (match) => (Number(match[1]) + Number(match[2]) === 0 ? "pass" : "fail"),
  ],
  ["maven", /^(?:\[\w+\] )?BUILD (SUCCESS|FAILURE)$/gm, named("success")],
  ["gradle", /^BUILD (SUCCESSFUL|FAILED)(?: in .*)?$/gm, named("successful")],
  ["gradle", /^FAILURE: Build failed with an exception/gm, fail],
  ["rspec", /^\d+ (?:examples?|specs?),( \d+ failures?[^\n]{0,80})$/gm, counts, "once"],
  ["minitest", /^\d+ (?:runs?|tests?), \d+ assertions?,( [^\n]{1,120})$/gm, counts, "once"],
  ["cucumber", /^\d+ (?:scenarios?|steps?) \(([^)\n]{1,120})\)$/gm, counts],
  [
    "mix",
    /^(?:\d+ (?:doctests?|properties|property), ){0,2}\d+ tests?,( \d+ failures?)(?:, [^\n]{1,80})?$/gm,
    counts,
    "once",
  ],
  ["lein", /^(\d+ failures?, \d+ errors?)\.?$/gm, counts],
  ["busted", /^\d+ success(?:es)? \/ (\d+ failures? \/ \d+ errors?)/gm, counts],
  ["phpunit", /^OK(?: \(\d+ tests?, \d+ assertions?\)|, but )/gm, pass],
  ["phpunit", /^(?:FAILURES|ERRORS)!$/gm, fail],
  ["pest", /^ *Tests: {2,}([^()\n]{1,120}) \(\d+ assertions?\)/gm, counts],
  ["dotnet", /^ *(Passed|Failed)! +- Failed:/gm, named("passed")],
  ["dotnet", /^ *Test Run (Successful|Failed)\.$/gm, named("successful")],
  ["dotnet", /^ *Test summary: total: \d+, failed: (\d+)/gm, zero],
  ["ctest", /^\d+% tests passed, (\d+) tests? failed/gm, zero],
  ["meson", /^Fail: +(\d+)$/gm, zero],
  ["swift", /^(?:.*\t)? *Executed \d+ tests?, with (\d+) failures?/gm, zero],
  ["swift", /Test run with \d+ tests?(?: in \d+ suites?)? (passed|failed) after/g, named("passed")],
  ["swift", /^\*\* TEST (SUCCEEDED|FAILED) \*\*$/gm, named("succeeded")],
  ["dart", /^\d\d:\d\d \+\d+(?: ~\d+)?: All tests passed!$/gm, pass],
  ["dart", /^\d\d:\d\d \+\d+(?: ~\d+)? -\d+: Some tests failed\.$/gm, fail],
  ["zig", /^All \d+ tests passed\.$/gm, pass],
  ["zig", /^\d+ passed; \d+ skipped; (\d+) failed\.$/gm, zero],
  ["zig", /^Build Summary: .*\b(\d+)\/(\d+) tests passed/gm, (match) => (match[1] === match[2] ? "pass" : "fail")],
  ["sbt", /^\[\w+\] (Passed|Failed|Error): Total \d+/gm, named("passed")],
  [
    "haskell",
    /^\d+ of \d+ test suites \((\d+) of (\d+) test cases\) passed/gm,
    (match) => (match[1] === match[2] ? "pass" : "fail"),
  ],
  ["haskell", /^(?:All \d+ tests passed|\d+ out of \d+ tests (failed))/gm, (match) => (match[1] ? "fail" : "pass")],
  ["bazel", /^\/\/\S+ +(?:\(cached\) )?(PASSED|FAILED|TIMEOUT|FLAKY)\b/gm, named("passed")],
  ["elm", /^TEST RUN (PASSED|FAILED)$/gm, named("passed")],
  ["tox", /^ *(congratulations :\)|evaluation failed :\()/gm, (match) => (match[1]?.startsWith("c") ? "pass" : "fail")],
  ["nox", /^nox > Session \S+ (was successful|failed)/gm, named("was successful")],
  [
    "script",
    /^(?:npm (?:ERR!|error) (?:Test failed|code ELIFECYCLE|Lifecycle script)| ?ELIFECYCLE |error Command failed with exit code|error: script ".*" exited with code)/gm,
    fail,
  ],
  ["script", /^g?make(?:\[\d+\])?: \*\*\* .* Error \d+/gm, fail],
];

/** Runners that are a family of their own, and the runners of the other families. */
const OWN_FAMILY =
  "vitest jest mocha cypress playwright ava deno pytest cargo rspec phpunit pest dotnet ctest swift sbt bazel";
const RUNNERS_OF = {
  tap: "node tap tape prove",
  go: "go gotestsum",
  maven: "mvn mvnw",
  gradle: "gradle gradlew",
  dart: "dart flutter",
};
const FAMILY = new Map<string, string>([
  ...OWN_FAMILY.split(" ").map((name) => [name, name] as const),
  ...Object.entries(RUNNERS_OF).flatMap(([family, names]) => names.split(" ").map((name) => [name, family] as const)),
]);

/** The family of a test command; null where it may start any runner. */
export function familyOf(cmd: string): string | null {
  const words = cmd.split(" ");
  const name = words[0]?.slice(words[0].lastIndexOf("/") + 1) ?? "";
  if (name.startsWith("python")) {
    const module = words[words.indexOf("-m") + 1];
    return module === "pytest" || module === "unittest" ? module : null;
  }
  if (name === "bun") return words[1] === "test" ? "bun" : null;
  return FAMILY.get(name) ?? null;
}

/** Summaries are at the end of an output. */
const MAX_OUTPUT = 256 * 1024;

/** The summary lines of an output, in the order of its lines. */
export function readSummaries(output: string): Summary[] {
  const text = plainText(output.slice(-MAX_OUTPUT));
  const found: { at: number; summary: Summary }[] = [];
  for (const [family, pattern, judge, once] of SUMMARIES) {
    for (const match of text.matchAll(pattern)) {
      const result = judge(match);
      const counts = COUNTS_TESTS.test(match[0]);
      if (result !== null) found.push({ at: match.index, summary: { family, result, once: once === "once", counts } });
    }
  }
  return found.sort((a, b) => a.at - b.at).map((one) => one.summary);
}
