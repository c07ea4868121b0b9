// How a clause says that something ended: it passed, failed, ran or did not run.
import type { Clause } from "./clauses.ts";
import { BAD, GOOD, MODALS, RAN, SKIPPED } from "./lexicon.ts";
import { isNegation } from "./read-clause.ts";

export interface Predicate {
  /** `good`: passed; `bad`: failed; `ran` and `not_run`: whether it ran at all. */
  sense: "good" | "bad" | "ran" | "not_run";
  /** It is said by denying the opposite: no test failed. */
  isDenial: boolean;
  /** The word is said of nothing but checks: `green`. */
  isSure: boolean;
}

export function predicateOf(clause: Clause, hasSubject: boolean): Predicate | null {
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
  if (trouble !== -1 && at === trouble && hasSubject) return { sense: "good", isDenial: true, isSure: false };
  const isDenied = negations.some(
    (index) => index < at || (index === at + 1 && /^(?:no|none|nothing|neither|never)$/.test(words[index]?.text ?? "")),
  );
  const word = words[at]?.text ?? "";
  if (bad !== -1) {
    const isSure = /^(?:red|fail(?:ed|ing|s)?)$/.test(word);
    // `Rejected`, `blocked` and the like are also said of pushes.
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
          /^(?:warnings?|errors?|issues?|problems?|findings?|complaints?|incident|violations?)$/.test(one.text),
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
