// Checks a model's description against the facts of the run before it is stored. Links and markup become plain text. A
// text is omitted if it repeats a prompt, names a file or a commit that the run does not show, claims an outcome or
// states a number that it does not show, or tells its reader what to do; the notes list what was omitted. This way,
// nobody can plant text in an entry through a file or an output that the run reads.
import type { Digest } from "../../digest/digest.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { isSupported } from "../declared-claims.ts";
import type { Description } from "../description.ts";
import { promptRepetition, promptsOf, repetition } from "../repetition.ts";
import { citedHashes, citedPaths } from "./cited-names.ts";
import { isInjection, isInstruction, isPlanted } from "./instructions.ts";
import { type KnownFacts, knownFacts } from "./known-facts.ts";
import { LINK, plainText } from "./markup.ts";
import { outcomesAreProven } from "./outcome-claims.ts";
import { numbersAreProven } from "./quantities.ts";
import { type RunOutcomes, runOutcomes } from "./run-outcomes.ts";

/** This many consecutive words that a text shares with an injection are no coincidence. */
const PLANTED_WORDS = 4;

export type Reviewed = { ok: true; description: Description } | { ok: false; problem: string };

/** Why a text was omitted, as the notes put it. */
type Fault =
  | "repeats a prompt"
  | "names a file that does not appear in the run"
  | "names a commit that does not appear in the run"
  | "claims an outcome that the run does not show"
  | "states a number that the run does not show"
  | "tells the reader to do something"
  | "repeats instructions from an output or a reply"
  | "contains only links or markup";

export interface ReviewContext {
  digest: Digest;
  evidence: Evidence;
  /** The tracked files that stand in the outputs and replies of the digest. */
  tracked?: readonly string[];
  /** The description of `builtin`. */
  own: Description;
}

interface ReviewedText {
  /** Null if it was omitted. */
  text: string | null;
  fault: Fault | null;
  isRepaired: boolean;
}

/** The description to store. If the model's summary or all of its bullets are omitted, those of `own` replace them. */
export function reviewDescription(description: Description, about: ReviewContext): Reviewed {
  const { own } = about;
  const findFault = faultFinder(about);
  const review = (text: string): ReviewedText => {
    const plain = plainText(text);
    const fault = findFault(text, plain);
    return { text: fault === null ? plain : null, fault, isRepaired: fault === null && plain !== text };
  };
  const summary = review(description.summary);
  const bullets = description.bullets.map((text, index): ReviewedText => {
    const reviewedText = review(text);
    const declaration = description.declared?.[index] ?? null;
    if (reviewedText.fault !== null || declaration === null || isSupported(declaration, about.digest))
      return reviewedText;
    return { text: null, fault: "claims an outcome that the run does not show", isRepaired: false };
  });
  const notes = description.notes === null ? [] : [review(description.notes)];
  const kept = bullets.flatMap(({ text }) => text ?? []);
  const texts = [summary, ...bullets, ...notes];
  if (summary.text === null && kept.length === 0) {
    return { ok: false, problem: `no part of the answer can be used: it ${faultsOf(texts)}` };
  }
  const omitted = bullets.length - kept.length;
  const remarks = [
    omissions([
      ["the summary", [summary]],
      [omitted === 1 ? "a bullet" : `${omitted} bullets`, bullets],
      ["the notes", notes],
    ]),
    summary.text === null ? "`ctx` wrote the summary because the model's could not be used." : "",
    kept.length === 0 ? "`ctx` wrote the bullets because none of the model's could be used." : "",
    texts.some(({ isRepaired }) => isRepaired) ? "Removed links or markup from the model's answer." : "",
  ];
  const allNotes = [remarks.filter(Boolean).join(" "), notes[0]?.text ?? ""].filter(Boolean).join("\n");
  return {
    ok: true,
    description: {
      summary: summary.text ?? own.summary,
      bullets: kept.length === 0 ? own.bullets : kept,
      tags: description.tags,
      notes: allNotes === "" ? null : allNotes,
    },
  };
}

/** Finds the fault of a text. Checks it with and without markup: markup can hide an instruction or be part of one. */
function faultFinder({ digest, evidence, tracked = [] }: ReviewContext): (text: string, plain: string) => Fault | null {
  const known = knownFacts(digest, evidence, tracked);
  const run = runOutcomes(digest, evidence);
  const repeatsPrompt = promptRepetition(promptsOf(digest));
  const repeatsPlanted = repetition(plantedTexts(digest), PLANTED_WORDS);
  return (text, plain) => {
    const spellings = [...new Set([text, plain, text.normalize("NFKC")])];
    if (!/[\p{L}\p{N}]/u.test(plain.replaceAll(LINK, ""))) return "contains only links or markup";
    if (spellings.some((spelling) => isInstruction(spelling, known.hasRun))) return "tells the reader to do something";
    if (spellings.some(repeatsPrompt)) return "repeats a prompt";
    if (spellings.some(repeatsPlanted)) return "repeats instructions from an output or a reply";
    return unsupportedClaim(plain.normalize("NFKC"), known, run);
  };
}

function unsupportedClaim(text: string, known: KnownFacts, run: RunOutcomes): Fault | null {
  if (!citedPaths(text).every(known.hasPath)) return "names a file that does not appear in the run";
  if (!citedHashes(text).every(known.hasCommit)) return "names a commit that does not appear in the run";
  if (!outcomesAreProven(text, run)) return "claims an outcome that the run does not show";
  if (!numbersAreProven(text, run)) return "states a number that the run does not show";
  return null;
}

/** The instructions in the digest that a model may repeat: whole outputs, but single sentences of replies. */
function plantedTexts({ timeline }: Digest): string[] {
  return timeline.flatMap((item) => {
    if ("reply" in item) return item.reply.split(/(?<=[.!?])\s|\n/).filter(isInjection);
    if ("prompt" in item || "search" in item) return [];
    const output = "notice" in item ? item.notice : "edit" in item ? item.error_tail : item.output_tail;
    return output !== undefined && isPlanted(output) ? [output] : [];
  });
}

/** `Omitted from the model's answer: the summary (repeats a prompt); 2 bullets (…).` */
function omissions(parts: readonly (readonly [string, readonly ReviewedText[]])[]): string {
  const named = parts.flatMap(([name, texts]) => {
    const faults = faultsOf(texts);
    return faults === "" ? [] : [`${name} (${faults})`];
  });
  return named.length === 0 ? "" : `Omitted from the model's answer: ${named.join("; ")}.`;
}

function faultsOf(texts: readonly ReviewedText[]): string {
  return [...new Set(texts.flatMap(({ fault }) => fault ?? []))].join(", ");
}
