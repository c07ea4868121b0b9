// A model's words, held against what is known of the run before they are stored. Links and markup become plain text;
// a sentence that repeats a prompt, names what the run knows nothing of, or tells its reader what to do falls away,
// and the verdict's notes say so. Whoever planted words in a file or an output gets none of them into an entry.
import type { Digest, DigestItem } from "../../digest/digest.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { promptRepetition, promptsOf, repetition } from "../repetition.ts";
import type { Verdict } from "../verdict.ts";
import { claimsPassedTests } from "./claims.ts";
import { citationsOf } from "./claims-in-text.ts";
import { isCommanding, isInstruction, isPlanted } from "./instructions.ts";
import { type Known, knownOf } from "./known-facts.ts";
import { plainProse } from "./markup.ts";

/** So many words in a row of a text that was written to be obeyed are no chance. */
const PLANTED_WORDS = 4;

export type Reviewed = { ok: true; verdict: Verdict } | { ok: false; problem: string };

/** What is told about what fell away: the same words for every text with the same fault. */
type Fault =
  | "repeats a prompt"
  | "names a file that the run shows nothing of"
  | "names a commit that the run shows nothing of"
  | "claims that tests passed, which no test of the run did"
  | "tells the reader to do something"
  | "repeats what an output or reply told a model to say"
  | "holds nothing but links or markup";

/** The verdict as it may be stored; `own` are our sentences, which stand in where the model's fell away. */
export function reviewVerdict(verdict: Verdict, about: { digest: Digest; evidence: Evidence; own: Verdict }): Reviewed {
  const { digest, evidence, own } = about;
  const faultOf = faultFinder(digest, evidence);
  const summary = reviewText(verdict.summary, faultOf);
  const bullets = verdict.bullets.map((bullet) => reviewText(bullet, faultOf));
  const notes = verdict.notes === null ? null : reviewText(verdict.notes, faultOf);
  const kept = bullets.flatMap(({ text }) => (text === null ? [] : [text]));
  const texts = [summary, ...bullets, ...(notes === null ? [] : [notes])];
  if (summary.text === null && kept.length === 0) {
    return { ok: false, problem: `nothing of the answer is fit for an entry: it ${faultsOf(texts)}` };
  }
  const told = [
    leftOut([
      ["the summary", [summary]],
      [kept.length === bullets.length - 1 ? "a bullet" : `${bullets.length - kept.length} bullets`, bullets],
      ["the notes", notes === null ? [] : [notes]],
    ]),
    summary.text === null ? "The summary is `ctx`'s own." : "",
    kept.length === 0 ? "The bullets are `ctx`'s own." : "",
    texts.some(({ isRepaired }) => isRepaired) ? "Took links or markup out of the model's answer." : "",
  ];
  const allNotes = [told.filter((sentence) => sentence !== "").join(" "), notes?.text ?? ""]
    .filter((part) => part !== "")
    .join("\n");
  return {
    ok: true,
    verdict: {
      summary: summary.text ?? own.summary,
      bullets: kept.length === 0 ? own.bullets : kept,
      tags: verdict.tags,
      notes: allNotes === "" ? null : allNotes,
    },
  };
}

interface ReviewedText {
  /** Null where it fell away. */
  text: string | null;
  fault: Fault | null;
  isRepaired: boolean;
}

function reviewText(text: string, faultOf: (text: string, plain: string) => Fault | null): ReviewedText {
  const plain = plainProse(text);
  const fault = faultOf(text, plain);
  return { text: fault === null ? plain : null, fault, isRepaired: fault === null && plain !== text };
}

/** Both are looked at: markup can hide an instruction, and taking it out can put one together. */
function faultFinder(digest: Digest, evidence: Evidence): (text: string, plain: string) => Fault | null {
  const known = knownOf(digest, evidence);
  const repeatsPrompt = promptRepetition(promptsOf(digest));
  const repeatsPlanted = repetition(plantedIn(digest), PLANTED_WORDS);
  return (text, plain) => {
    const spellings = new Set([text, plain, text.normalize("NFKC")]);
    const either = (test: (text: string) => boolean) => [...spellings].some(test);
    if (!/[\p{L}\p{N}]/u.test(plain.replaceAll("[link left out]", ""))) return "holds nothing but links or markup";
    if (either((one) => isInstruction(one, known.hasRun))) return "tells the reader to do something";
    if (either(repeatsPrompt)) return "repeats a prompt";
    if (either(repeatsPlanted)) return "repeats what an output or reply told a model to say";
    return citationFault(plain.normalize("NFKC"), known);
  };
}

function citationFault(text: string, known: Known): Fault | null {
  const { paths, hashes } = citationsOf(text);
  if (!paths.every(known.hasPath)) return "names a file that the run shows nothing of";
  if (!hashes.every(known.hasCommit)) return "names a commit that the run shows nothing of";
  if (!known.mayHavePassed && claimsPassedTests(text)) return "claims that tests passed, which no test of the run did";
  return null;
}

/** What of the digest wants to be obeyed: outputs as a whole, and single sentences of replies, which tell of the work. */
function plantedIn({ timeline }: Digest): string[] {
  return timeline.flatMap((item) => {
    if ("reply" in item) return item.reply.split(/(?<=[.!?])\s|\n/).filter(isCommanding);
    const output = "notice" in item ? item.notice : "edit" in item ? item.error_tail : outputOf(item);
    return output !== undefined && isPlanted(output) ? [output] : [];
  });
}

function outputOf(item: DigestItem): string | undefined {
  return "output_tail" in item ? item.output_tail : undefined;
}

/** `Left out of the model's answer: the summary (repeats a prompt); 2 bullets (…).` */
function leftOut(parts: readonly (readonly [string, readonly ReviewedText[]])[]): string {
  const told = parts.flatMap(([name, texts]) => {
    const faults = faultsOf(texts);
    return faults === "" ? [] : [`${name} (${faults})`];
  });
  return told.length === 0 ? "" : `Left out of the model's answer: ${told.join("; ")}.`;
}

function faultsOf(texts: readonly ReviewedText[]): string {
  return [...new Set(texts.flatMap(({ fault }) => fault ?? []))].join(", ");
}
