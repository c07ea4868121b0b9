// Reads how a clause puts something: as done, as not done, as failed, or not as a statement about the run at all.
import type { Clause, Word } from "./clauses.ts";
import {
  BAD,
  CODE_VERBS,
  EVENT_FORMS,
  FUNCTION_WORDS,
  GOOD,
  MAKING_VERBS,
  MODALS,
  NEGATIONS,
  PENDING,
  RAN,
} from "./lexicon.ts";

export type Sense = "done" | "not_done" | "failed" | "neutral";
export type Form = "done" | "base" | "doing";

const AUXILIARY =
  /^(?:is|are|was|were|be|been|being|got|gets|get|has|have|had|isn't|wasn't|aren't|weren't|hasn't|haven't)$/;
const PREPOSITION = /^(?:of|for|in|on|to|from|about|into|against|between|by|at|through|around)$/;
/** What follows is imagined, wanted or general. */
const UNREAL_LEADS = new Set(["if", "unless", "until", "whether", "whenever", "that", "where"]);
const MANAGED = /^(?:managed|proceeded|went|succeeded|continued)$/;

export const isNegation = (word: Word) =>
  word.kind === "word" && (NEGATIONS.has(word.text) || word.text.endsWith("n't"));

/** Whether the noun at `at` only modifies the noun after it: `deploy script`, `commit message`. */
export function isModifier({ words }: Clause, at: number): boolean {
  const next = words[at + 1];
  if (next === undefined || next.kind !== "word") return false;
  const { text } = next;
  if (FUNCTION_WORDS.has(text) || isNegation(next) || /ly$/.test(text)) return false;
  if ([GOOD, BAD, PENDING, RAN].some((pattern) => pattern.test(text)) || MODALS.has(text)) return false;
  if (/ed$|^(?:made|says?|reads?)$/.test(text)) return false;
  return !EVENT_FORMS.some(({ done, doing }) => done.test(text) || doing.test(text));
}

/** Forms that are verbs wherever they stand; `change`, `fix` and `tests` are nouns as well. */
const PLAIN_VERB =
  /ed$|^(?:made|taught|wrote|written|rewrote|gave|let|lets|says?|said|states|explains|mentions|describes|asks|requires|expects|allows|makes|handles|quotes)$/;

/** Whether the word is a verb of changing code. */
export function isCodeVerb(words: readonly Word[], at: number): boolean {
  const word = words[at];
  if (word === undefined || word.kind !== "word" || !CODE_VERBS.test(word.text)) return false;
  return (
    at === 0 ||
    PLAIN_VERB.test(word.text) ||
    /^(?:to|now|it|they|we|which|also|then|only)$/.test(words[at - 1]?.text ?? "")
  );
}

/** Whether the word at `at` is the subject matter of a change: `added a test for merge commits`. */
export function isTopic({ words }: Clause, at: number, form: Form): boolean {
  for (let before = at - 1; before >= 0; before--) {
    const word = words[before];
    if (word === undefined || word.kind !== "word") continue;
    if (AUXILIARY.test(word.text)) {
      // `was added to the deploy` has a topic; `the added file was pushed` has none.
      if (form !== "base") return false;
      continue;
    }
    if (form === "done" && word.text.endsWith("ing")) continue;
    if (!isCodeVerb(words, before) && !(form === "base" && MAKING_VERBS.test(word.text))) continue;
    const between = words.slice(before + 1, at);
    const isObject = form === "base" && !between.some(({ text }) => PREPOSITION.test(text));
    return !(isObject && MAKING_VERBS.test(word.text));
  }
  return false;
}

/** How the clause puts the event at `at`. `inherited`: the clause before it, if it is joined by `or`, denies. */
export function senseOf(clause: Clause, at: number, form: Form, inherited: boolean): Sense {
  const { words, lead } = clause;
  const before = words.slice(0, at);
  const after = words.slice(at + 1);
  const previous = before.at(-1);
  if (UNREAL_LEADS.has(lead)) return "neutral";
  if (lead === "when" && form !== "done") return "neutral";
  const next = after[0];
  if (/^(?:before|until|once|while|after)$/.test(lead) && before.some(({ text }) => /^(?:is|are|gets?)$/.test(text)))
    return "neutral";
  if (before.some(({ text }) => /^(?:must|should|shall|may)$/.test(text))) return "neutral";
  if (
    words.some(
      ({ text }, index) => text === "left" && /^(?:to|for|open|undone|out|until)$/.test(words[index + 1]?.text ?? ""),
    )
  )
    return "not_done";
  if (form === "base" && after.some(({ text }) => /^(?:attempted|tried)$/.test(text))) return "neutral";
  // `no file was affected by the revert`: the revert is not denied.
  const preposition = before.findLastIndex(({ kind, text }) => kind === "word" && PREPOSITION.test(text));
  if (form === "base" && preposition > 1 && before.slice(0, preposition).some(isNegation)) return "neutral";
  const denied =
    inherited ||
    lead === "instead" ||
    lead === "nor" ||
    before.some(isNegation) ||
    (next !== undefined && /^(?:nothing|none|neither|no)$/.test(next.text)) ||
    (form === "base" && deniedAfter(after));
  if (form === "base" && [...before.slice(-2), ...after].some(({ kind, text }) => kind === "word" && BAD.test(text))) {
    return denied && !before.some(({ text }) => BAD.test(text)) ? "neutral" : "failed";
  }
  if (before.some(({ text }) => BAD.test(text) && /^(?:fail|refus|block)/.test(text))) return "failed";
  if (denied || words.some(({ kind, text }, index) => index !== at && kind === "word" && PENDING.test(text)))
    return "not_done";
  const duty = before.findIndex(
    ({ text }, index) =>
      /^(?:has|have|had|still|yet|remains?|needs?|left|waits?|about)$/.test(text) && before[index + 1]?.text === "to",
  );
  if (duty !== -1) return "not_done";
  const isInfinitive = previous?.text === "to" || (/ly$/.test(previous?.text ?? "") && before.at(-2)?.text === "to");
  if (isInfinitive && form !== "done" && !before.some(({ text }) => MANAGED.test(text))) return "neutral";
  if (before.some(({ text }) => MODALS.has(text))) return "neutral";
  if (isTopic(clause, at, form)) return "neutral";
  if (form === "doing") return ["after", "by", "once", ",", "while", "and", ""].includes(lead) ? "done" : "neutral";
  if (form === "base") return isStatement(clause, at) ? "done" : "neutral";
  // `the published packages` names a kind of thing.
  return "done";
}

/** A negation after the noun, unless it denies another event: `the revert has not been pushed`. */
function deniedAfter(after: readonly Word[]): boolean {
  const at = after.findIndex((word) => isNegation(word) && !/^(?:rather|instead)$/.test(word.text));
  if (at === -1) return false;
  return !after.slice(at + 1).some(({ text }) => EVENT_FORMS.some(({ done }) => done.test(text)));
}

/** Whether a noun is stated and not only mentioned: it begins the clause, has a predicate, or something makes it. */
function isStatement({ words, lead }: Clause, at: number): boolean {
  const before = words.slice(0, at);
  if (before.some(({ text }) => MAKING_VERBS.test(text))) return true;
  const last = before.findLast(({ kind, text }) => kind === "word" && PREPOSITION.test(text));
  if (last !== undefined) {
    // `thanks to the deployment`, `under a commit`: it is presupposed.
    return (
      !/^(?:for|of|about|into|against|between)$/.test(last.text) &&
      words.slice(Math.max(0, at - 3), at).some(({ text }) => /^(?:the|a|an|its|one|that)$/.test(text)) &&
      !before.slice(0, 1).some(({ text }) => /^(?:before|for)$/.test(text))
    );
  }
  if (lead === "before") return false;
  const hasPredicate = words
    .slice(at + 1)
    .some(
      ({ text }) =>
        AUXILIARY.test(text) ||
        GOOD.test(text) ||
        /^(?:created|made|happened|up|out|exists|sits|lives|done)$/.test(text),
    );
  return hasPredicate || at <= 3 || before.some(({ kind, text }) => kind === "word" && /ed$/.test(text));
}
