// Holds claims that something passed or failed against the tests, checks and commands of the run.
import { type CheckClaim, checkClaims, has, TOOLS } from "./check-claims.ts";
import type { Clause } from "./clauses.ts";
import { BAD, NUMBER_WORDS, SKIPPED } from "./lexicon.ts";
import type { RunOutcomes } from "./run-outcomes.ts";
import { fits, quantityOf } from "./stated-amounts.ts";

const hasWord = (claim: CheckClaim, pattern: RegExp) => has(claim.clause, pattern);
const inSentence = (claim: CheckClaim, pattern: RegExp) => claim.sentence.some((clause) => has(clause, pattern));

/** Whether every outcome of a check that the clauses tell of is one that the run shows. */
export function checksAreProven(clauses: readonly Clause[], run: RunOutcomes): boolean {
  return checkClaims(clauses, run).every((claim) => checkIsProven(claim, run));
}

function checkIsProven(claim: CheckClaim, run: RunOutcomes): boolean {
  switch (claim.domain) {
    case "tests":
      return testsAreProven(claim, run);
    case "ci":
      return ciIsProven(claim, run);
    case "command":
      return commandIsProven(claim, run);
    case "build":
      return kindIsProven(claim, run, "built");
    case "lint":
      return kindIsProven(claim, run, "linted");
    case "types":
      return kindIsProven(claim, run, "type_checked");
    case "commands": {
      const failed = run.evidence.failedCommands.length > 0 || run.commands.some(({ outcome }) => outcome === "failed");
      if (claim.sense === "bad") return claim.isDenial ? !failed : failed;
      return claim.sense !== "good" || !hasWord(claim, WHOLE) || !failed;
    }
  }
}

const ALWAYS = /^(?:every|each|throughout|always|along|never|hiccups?|hitch|single|continuously|constantly)$/;
const EARLY = /^(?:baseline|before|beforehand|initially|first|earlier|originally|start|prior|previously|then)$/;
const LATE =
  /^(?:now|continues?|persists?|keeps?|still|remains?|remaining|left|currently|end|finally|final|last|post|afterwards)$/;
const WHOLE = /^(?:full|whole|entire|complete|every|everywhere|everything|all|both|across)$/;
const REST = /^(?:other|others|rest|else|remaining|only|except|but)$/;

function testsAreProven(claim: CheckClaim, run: RunOutcomes): boolean {
  const { tests } = run;
  const { sense, clause } = claim;
  if (tests.length === 0) {
    if (run.mayHavePassed) return true;
    return sense === "not_run" || (sense === "bad" && claim.isDenial);
  }
  if (sense === "not_run" && hasWord(claim, REST) && tests.every(({ isPartial }) => isPartial)) return true;
  if (sense === "not_run")
    return claim.isDenial && hasWord(claim, /^(?:on|for|with|yet|new|own)$/)
      ? true
      : /^(?:on|with|in)$/.test(afterSkip(clause));
  const isWhole = hasWord(claim, WHOLE) && !hasWord(claim, /^(?:matching|named|filtered)$/);
  if (sense === "ran") return runsFit(clause, tests.length) && !(isWhole && tests.every(({ isPartial }) => isPartial));
  const failing = tests.filter(({ result }) => result === "fail");
  const last = new Map(tests.map((test) => [test.command, test] as const));
  const final = [...last.values()];
  const counts = failing.flatMap(({ count }) => count ?? []);
  const stated = quantityOf(clause);
  const countsRuns =
    stated !== null &&
    stated.of === null &&
    !hasWord(claim, /^(?:tests?|specs?|cases?)$/) &&
    tests.filter(({ result }) => result === (sense === "bad" ? "fail" : "pass")).length === stated.amount;
  if (countsRuns) return true;
  const quantity = isOfRuns(claim) ? null : stated;
  if (sense === "bad") {
    if (failing.length === 0 && !tests.some(({ result }) => result === "unknown")) return false;
    if (hasWord(claim, LATE) && !hasWord(claim, EARLY) && final.every(({ result }) => result === "pass")) return false;
    if (claim.isDenial) return final.some(({ result }) => result !== "pass");
    return quantity === null || counts.length === 0 || counts.some((count) => fits(quantity, count, count.failed));
  }
  if (
    (claim.isDenial || hasWord(claim, ALWAYS) || inSentence(claim, /^(?:throughout|hiccups?)$/)) &&
    failing.length > 0
  )
    return false;
  if (isWhole && tests.every(({ isPartial }) => isPartial)) return false;
  if (hasWord(claim, EARLY) && tests.some(({ result }) => result !== "fail")) return true;
  const open = final.filter(({ result }) => result === "fail");
  if (open.length === 0)
    return (
      quantity === null ||
      counts.length === 0 ||
      counts.some(
        (count) =>
          fits(quantity, count, count.total) || (inSentence(claim, BAD) && fits(quantity, count, count.passed)),
      )
    );
  if (quantity !== null) return open.some(({ count }) => count !== null && fits(quantity, count, count.passed));
  if (hasWord(claim, REST)) return open.some(({ count }) => count === null || count.passed > 0);
  return false;
}

/** `ran once`, `was run twice`, `ran 3 times`. */
function runsFit({ words }: Clause, amount: number): boolean {
  const stated = words.flatMap(({ text }, at) => {
    if (text === "once" || text === "twice") return text === "once" ? 1 : 2;
    const value = NUMBER_WORDS.get(text) ?? (/^\d+$/.test(text) ? Number(text) : undefined);
    return value !== undefined && /^times?$/.test(words[at + 1]?.text ?? "") ? value : [];
  });
  return stated.every((value) => value === amount);
}

const afterSkip = ({ words }: Clause) => words[words.findIndex(({ text }) => SKIPPED.test(text)) + 1]?.text ?? "";
/** The number counts runs and not tests. */
const isOfRuns = (claim: CheckClaim) => hasWord(claim, /^(?:runs?|times?|attempts?|once|twice|failures?)$/);

function ciIsProven({ sense, command, clause, isDenial }: CheckClaim, run: RunOutcomes): boolean {
  if (sense === "not_run" || (isDenial && sense !== "good")) return run.checks.length === 0;
  const checked = run.prove("ci_checked");
  const rows = run.checks.filter(({ name }) => command === null || name === command.toLowerCase());
  if (rows.length === 0)
    return sense === "good"
      ? checked.done && !checked.failed
      : sense === "bad"
        ? checked.failed
        : checked.done || checked.failed;
  const quantity = command === null ? quantityOf(clause) : null;
  const amount = (wanted: string) => rows.filter(({ result }) => result === wanted).length;
  if (sense === "ran") return true;
  const right = amount(sense === "good" ? "pass" : "fail");
  if (quantity !== null) return quantity.amount === right || quantity.amount > 12;
  return sense === "good" ? right === rows.length : right > 0;
}

function commandIsProven({ sense, command, clause, isDenial }: CheckClaim, run: RunOutcomes): boolean {
  const name = (command ?? "").toLowerCase();
  const found = run.commands.filter(({ text }) =>
    new RegExp(`(?<![\\w-])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`).test(text.toLowerCase()),
  );
  const ended = (outcome: string) => found.some((one) => one.outcome === outcome);
  const exact = run.tests.filter(({ command: test }) => test.toLowerCase() === name);
  const tests =
    exact.length > 0
      ? exact
      : run.tests.filter(({ command: test }) => test.toLowerCase().includes(name) || name.includes(test.toLowerCase()));
  if (tests.length > 0 && sense !== "not_run" && sense !== "ran") {
    return testsAreProven(
      { domain: "tests", sense, command, clause, isDenial, sentence: [clause] },
      { ...run, tests: tests },
    );
  }
  switch (sense) {
    case "good":
      return isDenial ? !ended("failed") : ended("ok") || ended("unknown");
    case "bad":
      return isDenial ? !ended("ok") : ended("failed") || ended("interrupted") || ended("unknown");
    case "ran":
      return (
        found.length > 0 && runsFit(clause, found.length) && (!TOOLS.test(name) || ended("ok") || ended("unknown"))
      );
    case "not_run":
      return !ended("ok");
  }
}

function kindIsProven(
  { sense, isDenial }: CheckClaim,
  run: RunOutcomes,
  kind: "built" | "linted" | "type_checked",
): boolean {
  const proof = run.prove(kind);
  if (proof.unknown) return true;
  if (sense === "good") return proof.done && !(isDenial && proof.failed);
  if (sense === "bad") return isDenial ? !proof.done : proof.failed;
  return sense === "ran" ? proof.done || proof.failed : !proof.done && !proof.failed;
}
