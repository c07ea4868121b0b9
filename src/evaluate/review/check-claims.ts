// Claims that something passed or failed: tests, checks of a pull request, a build, a linter, a named command.
import type { Clause } from "./clauses.ts";
import { BAD, CHECKED, type CheckedDomain, CODE_VERBS, FUNCTION_WORDS, GOOD, MODALS, RAN } from "./lexicon.ts";
import { type Predicate, predicateOf } from "./predicates.ts";
import { isCodeVerb, isModifier, isNegation } from "./read-clause.ts";
import type { RunOutcomes } from "./run-outcomes.ts";
import { quantityOf } from "./stated-amounts.ts";

export interface CheckClaim extends Omit<Predicate, "isSure"> {
  domain: CheckedDomain;
  clause: Clause;
  sentence: readonly Clause[];
  /** The command in backticks that the clause is about. */
  command: string | null;
}

export const TOOLS =
  /^(?:eslint|biome|prettier|ruff|mypy|tsc|clippy|pylint|flake8|stylelint|rubocop|shellcheck|golangci|gh)$/;
const CAUSATIVE =
  /^(?:ma(?:de|kes?|king)|gets?|got|brought|brings?|left|leaves?|kept|keeps?|turn(?:s|ed)|with|had|has|saw)$/;
const UNREAL = /^(?:if|unless|until|whether|whenever|that)$/;

export const has = (clause: Clause, pattern: RegExp) =>
  clause.words.some(({ kind, text }) => kind !== "quote" && kind !== "code" && pattern.test(text));

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
    const relative = clauses[clauses.indexOf(clause) - 1];
    const main = clause.words.findIndex(({ text }, at) => at >= 2 && /^(?:has|have|is|was|were|are|had)$/.test(text));
    if (
      /^(?:that|which|who)$/.test(clause.lead) &&
      main !== -1 &&
      relative?.sentence === clause.sentence &&
      predicateOf(relative, true) === null
    ) {
      // `the pipeline that the tag triggered has finished`
      const rest = predicateOf({ ...clause, words: clause.words.slice(main) }, true);
      const subjects = subjectsOf(relative, sentence, run);
      if (rest !== null) for (const subject of subjects) claims.push({ ...subject, ...rest, clause, sentence });
      continue;
    }
    const predicate = isReal ? predicateOf(clause, own.length > 0 || continues) : null;
    if (own.length > 0)
      last = { ...(own.at(-1) as { domain: CheckedDomain; command: string | null }), sentence: clause.sentence };
    if (!/^(?:,|and|or|plus)$/.test(clause.lead)) pending = [];
    if (predicate === null) {
      const denied =
        clause.words.some((word) => isNegation(word) || /^(?:missing|absent|unavailable|needs?)$/.test(word.text)) ||
        clause.lead === "nor";
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
      !/^(?:edge|corner|use|lower|upper|special|null|this|that|any|which|such)$/.test(clause.words[at - 1]?.text ?? "");
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
