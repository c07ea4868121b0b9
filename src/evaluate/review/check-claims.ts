// Claims that something passed or failed: tests, checks of a pull request, a build, a linter, a named command.
import type { Clause } from "./clauses.ts";
import {
  BAD,
  CHECKED,
  type CheckedDomain,
  CODE_VERBS,
  FUNCTION_WORDS,
  GOOD,
  MODALS,
  NUMBER_WORDS,
  RAN,
  SKIPPED,
} from "./lexicon.ts";
import { isCodeVerb, isModifier, isNegation } from "./read-clause.ts";
import type { RunOutcomes, TestCount } from "./run-outcomes.ts";

interface CheckClaim {
  domain: CheckedDomain;
  /** `good`: passed; `bad`: failed; `ran` and `not_run`: whether it ran at all. */
  sense: "good" | "bad" | "ran" | "not_run";
  /** It is said by denying the opposite: no test failed. */
  isDenial: boolean;
  clause: Clause;
  sentence: readonly Clause[];
  /** The command in backticks that the clause is about. */
  command: string | null;
}

const TOOLS = /^(?:eslint|biome|prettier|ruff|mypy|tsc|clippy|pylint|flake8|stylelint|rubocop|shellcheck|golangci|gh)$/;
const CAUSATIVE =
  /^(?:ma(?:de|kes?|king)|gets?|got|brought|brings?|left|leaves?|kept|keeps?|turn(?:s|ed)|with|had|has|saw)$/;
const UNREAL = /^(?:if|unless|until|whether|whenever|that)$/;

const has = (clause: Clause, pattern: RegExp) =>
  clause.words.some(({ kind, text }) => kind !== "quote" && kind !== "code" && pattern.test(text));
const hasWord = (claim: CheckClaim, pattern: RegExp) => has(claim.clause, pattern);
const inSentence = (claim: CheckClaim, pattern: RegExp) => claim.sentence.some((clause) => has(clause, pattern));

/** Whether every outcome of a check that the clauses tell of is one that the run shows. */
export function checksAreProven(clauses: readonly Clause[], run: RunOutcomes): boolean {
  return checkClaims(clauses, run).every((claim) => checkIsProven(claim, run));
}

export function checkClaims(clauses: readonly Clause[], run: RunOutcomes): CheckClaim[] {
  const claims: CheckClaim[] = [];
  let last: { domain: CheckedDomain; command: string | null; sentence: number } | null = null;
  let pending: { domain: CheckedDomain; command: string | null }[] = [];
  for (const clause of clauses) {
    const sentence = clauses.filter((one) => one.sentence === clause.sentence);
    const isReal = !UNREAL.test(clause.lead);
    const own = isReal ? subjectsOf(clause, sentence, run) : [];
    const continues =
      own.length === 0 &&
      last?.sentence === clause.sentence &&
      /^(?:which|,|and)$/.test(clause.lead) &&
      /^(?:is|are|was|were|has|have|had)$|ed$/.test(clause.words[0]?.text ?? "") &&
      clause.words.some(({ text }) => RAN.test(text) || GOOD.test(text));
    const predicate = isReal ? predicateOf(clause, own.length > 0 || continues) : null;
    if (own.length > 0)
      last = { ...(own.at(-1) as { domain: CheckedDomain; command: string | null }), sentence: clause.sentence };
    if (!/^(?:,|and|or|plus)$/.test(clause.lead)) pending = [];
    if (predicate === null) {
      const denied = clause.words.some(isNegation);
      const before = claims.at(-1);
      if (
        own.length > 0 &&
        before?.clause.sentence === clause.sentence &&
        isNegation(clause.words.at(-1) ?? { text: "", kind: "word" })
      ) {
        // `the first passed, the second did not`
        const sense = before.sense === "good" ? "bad" : before.sense === "bad" ? "good" : before.sense;
        for (const subject of own) claims.push({ ...subject, sense, isDenial: false, clause, sentence });
        continue;
      }
      const hasTrouble = clause.words.some(({ text }) =>
        /^(?:objections?|complain(?:ts?|ed)?|problems?|issues?|trouble|surprises?|regressions?)$/.test(text),
      );
      if (denied && hasTrouble) {
        for (const subject of own) claims.push({ ...subject, sense: "good", isDenial: true, clause, sentence });
        continue;
      }
      if (quantityOf(clause)?.of != null) {
        for (const subject of own)
          if (subject.domain === "tests") claims.push({ ...subject, sense: "good", isDenial: false, clause, sentence });
      }
      const isStated = clause.words.some(
        ({ kind, text }, at) => kind === "word" && at > 0 && /ed$|^(?:is|are|was|were|has|have)$|[^s]s$/.test(text),
      );
      const shown = own.filter(({ domain, command }) => {
        return domain === "ci" || (domain === "tests" && run.tests.length === 0) || TOOLS.test(command ?? "");
      });
      if (!clause.words.some(({ text }) => MODALS.has(text)) && isStated) {
        for (const subject of shown)
          claims.push({ ...subject, sense: denied ? "not_run" : "ran", isDenial: denied, clause, sentence });
      }
      if (own.length > 0 && clause.words.length <= 4) pending = [...pending, ...own];
      continue;
    }
    const inherits = own.length === 0 && (predicate.isSure || continues);
    const subjects =
      own.length > 0 ? [...pending, ...own] : inherits ? [last ?? { domain: "tests" as const, command: null }] : [];
    pending = [];
    for (const subject of subjects) claims.push({ ...subject, ...predicate, clause, sentence });
  }
  return claims;
}

const isAboutCi = (sentence: readonly Clause[], run: RunOutcomes) =>
  run.checks.length > 0 || sentence.some((one) => has(one, /^(?:prs?|mrs?|ci|pipelines?|pull|github)$/));

/** What the clause is about, if that can pass or fail. */
function subjectsOf(
  clause: Clause,
  sentence: readonly Clause[],
  run: RunOutcomes,
): { domain: CheckedDomain; command: string | null }[] {
  const found: { domain: CheckedDomain; command: string | null }[] = [];
  const aboutChecks = sentence.some((one) => has(one, /^(?:prs?|ci|checks?|pipelines?)$/));
  for (const [at, word] of clause.words.entries()) {
    if (word.kind === "code") {
      const row = run.checks.some(({ name }) => name === word.text.toLowerCase());
      if (row && aboutChecks) found.push({ domain: "ci", command: word.text });
      else if (looksLikeCommand(word.text, run)) found.push({ domain: "command", command: word.text });
      continue;
    }
    if (word.kind !== "word") continue;
    if (TOOLS.test(word.text)) found.push({ domain: "command", command: word.text });
    if (
      run.checks.some(({ name }) => name === word.text) &&
      aboutChecks &&
      !/^tests?$/.test(clause.words[at + 1]?.text ?? "")
    ) {
      found.push({ domain: "ci", command: word.text });
      continue;
    }
    const isCase =
      /^cases?$/.test(word.text) &&
      !/^(?:edge|corner|use|lower|upper|special|item|null|this|that|any|which|such)$/.test(
        clause.words[at - 1]?.text ?? "",
      );
    if (isCase && !isTopicOfChange(clause, at)) found.push({ domain: "tests", command: null });
    for (const [domain, pattern] of Object.entries(CHECKED) as [keyof typeof CHECKED, RegExp][]) {
      if (!pattern.test(word.text) || isModifier(clause, at)) continue;
      if (domain === "ci" && /^(?:checks?|actions)$/.test(word.text) && !isAboutCi(sentence, run)) {
        const kind = clause.words[at - 1];
        if (word.text === "checks") found.push({ domain: "tests", command: null });
        else if (word.text === "check" && kind?.kind === "word" && !FUNCTION_WORDS.has(kind.text))
          found.push({ domain: "command", command: kind.text });
        continue;
      }
      if (isTopicOfChange(clause, at)) continue;
      found.push({ domain, command: null });
    }
  }
  // A command or a named check says more than the kind of check.
  const named = found.filter(({ command }) => command !== null);
  const unnamed = found.filter(({ domain }) => domain === "ci" && named.every((one) => one.domain !== "ci"));
  return named.length > 0 ? [...named, ...unnamed.filter(({ command }) => command === null)] : found;
}

function looksLikeCommand(text: string, run: RunOutcomes): boolean {
  if (run.commands.some((one) => one.text.includes(text)) && /\s|^\.\//.test(text)) return true;
  return (
    /^(?:npm|npx|pnpm|yarn|bunx?|node|deno|cargo|go|make|pytest|python\d?|git|gh|docker|\.\/\S+) ?/.test(text) &&
    /\s|^\.\//.test(text)
  );
}

/** `fixed the failing test`: not what became of it. `made all tests pass`: what became of them. */
function isTopicOfChange({ words }: Clause, at: number): boolean {
  const verb = words.slice(0, at).findLast(
    ({ kind, text }) =>
      kind === "word" &&
      ((CODE_VERBS.test(text) &&
        !text.endsWith("ing") &&
        isCodeVerb(
          words,
          words.findIndex((one) => one.text === text),
        )) ||
        CAUSATIVE.test(text)),
  );
  if (verb === undefined) return false;
  const isPassive = words.slice(0, at).some(({ text }) => /^(?:is|are|was|were|been)$/.test(text));
  if (isPassive) return false;
  const causes = CAUSATIVE.test(verb.text) && words.slice(at + 1).some(({ text }) => GOOD.test(text) || BAD.test(text));
  return !causes && !CAUSATIVE.test(verb.text);
}

type Predicate = Pick<CheckClaim, "sense" | "isDenial"> & { isSure: boolean };

function predicateOf(clause: Clause, hasSubject: boolean): Predicate | null {
  const { words } = clause;
  const negations = words.flatMap((word, index) =>
    isNegation(word) && !/^fail/.test(word.text) && !SKIPPED.test(word.text) ? [index] : [],
  );
  const find = (pattern: RegExp) => words.findIndex(({ kind, text }) => kind === "word" && pattern.test(text));
  const trouble = withoutTrouble(clause);
  const bad = trouble === -1 ? Math.max(find(BAD), exitAt(clause, false)) : exitAt(clause, false);
  const good = Math.max(find(GOOD), exitAt(clause, true), trouble);
  const ran = find(RAN);
  const skipped = find(SKIPPED);
  const modal = words.findIndex(
    ({ text }, index) =>
      MODALS.has(text) ||
      (text === "to" &&
        !/^(?:continues?|continued|keeps?|began|started|seems?|came)$/.test(words[index - 1]?.text ?? "") &&
        /^(?:pass|succeed|fail|run|work|be|go|make|get|keep)$/.test(words[index + 1]?.text ?? "")),
  );
  const at = bad !== -1 ? bad : good !== -1 ? good : skipped !== -1 ? skipped : ran;
  if (at === -1) {
    // `No tests.`
    return null;
  }
  if (modal !== -1 && modal < at) return null;
  const isDenied = negations.some(
    (index) => index < at || (index === at + 1 && /^(?:no|none|nothing|neither|never)$/.test(words[index]?.text ?? "")),
  );
  const word = words[at]?.text ?? "";
  if (bad !== -1) {
    const isSure = /^(?:red|fail(?:ed|ing|s)?)$/.test(word);
    // `Rejected`, `blocked` and the like are told of pushes as well.
    if (!hasSubject && !isSure) return null;
    if (!hasSubject && isDenied && !/^red$/.test(word)) return null;
    return { sense: isDenied ? "good" : "bad", isDenial: isDenied, isSure: word === "red" || word === "failing" };
  }
  if (good !== -1) {
    const takesObject =
      /^pass(?:es|ed|ing)?$/.test(word) &&
      /^(?:the|a|an|it|its|them|in|through|on|to)$/.test(words[at + 1]?.text ?? "") &&
      !hasSubject;
    const isSure = /^(?:green|pass(?:es|ed|ing)?)$/.test(word) && !takesObject && words[at + 1]?.kind !== "code";
    if (!hasSubject && !isSure) return null;
    return { sense: isDenied ? "bad" : "good", isDenial: isDenied, isSure };
  }
  if (!hasSubject && word !== "untested") return null;
  if (skipped !== -1) return { sense: isDenied ? "ran" : "not_run", isDenial: isDenied, isSure: word === "untested" };
  return { sense: isDenied ? "not_run" : "ran", isDenial: isDenied, isSure: false };
}

/** Where the clause says `without warnings`. */
function withoutTrouble({ words }: Clause): number {
  return words.findIndex(({ text }, at) => {
    return (
      text === "without" &&
      words
        .slice(at + 1, at + 4)
        .some((one) =>
          /^(?:warnings?|errors?|issues?|problems?|findings?|failures?|complaints?|incident)$/.test(one.text),
        )
    );
  });
}

/** Where the clause says `exit 1` or `exited 0`. */
function exitAt({ words }: Clause, isZero: boolean): number {
  return words.findIndex(({ text }, index) => {
    if (!/^exit(?:s|ed)?$/.test(text)) return false;
    const status = words.slice(index + 1, index + 4).find(({ kind }) => kind === "number")?.text;
    return status !== undefined && (status === "0") === isZero;
  });
}

export function checkIsProven(claim: CheckClaim, run: RunOutcomes): boolean {
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
  if (sense === "not_run")
    return claim.isDenial && hasWord(claim, /^(?:on|for|with|yet|new|own)$/)
      ? true
      : /^(?:on|for|with|in)$/.test(afterSkip(clause));
  const isWhole = hasWord(claim, WHOLE) && !hasWord(claim, /^(?:matching|named|filtered|tax)$/);
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

interface Quantity {
  amount: number;
  of: number | null;
}

/** `3 of 4`, `both`, `one`, `all 4`. */
function quantityOf({ words }: Clause): Quantity | null {
  const numbers = words.flatMap(({ kind, text }, index): { value: number; index: number }[] => {
    const value =
      kind === "number" && /^\d+$/.test(text)
        ? Number(text)
        : kind === "word"
          ? (NUMBER_WORDS.get(text) ?? (text === "both" ? 2 : undefined))
          : undefined;
    const next = words[index + 1]?.text ?? "";
    const before = words[index - 1]?.text ?? "";
    if (value === undefined || /^(?:exit|exits|exited|status|code|wants?|expects?|after|in|by|from|than)$/.test(before))
      return [];
    return /^(?:ms|s|seconds?|minutes?|percent|%|commits?|files?|commands?|lines?|edits?)$/.test(next)
      ? []
      : [{ value, index }];
  });
  const [first, second] = numbers;
  if (first === undefined) return null;
  const isRatio =
    second !== undefined && words.slice(first.index + 1, second.index).some(({ text }) => /^(?:of|out)$/.test(text));
  return { amount: first.value, of: isRatio ? second.value : null };
}

function fits({ amount, of }: Quantity, count: TestCount, wanted: number): boolean {
  return amount === wanted && (of === null || of === count.total);
}

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
