// Finds texts that repeat a prompt, or another text, word for word. An entry must paraphrase, not quote.
import type { Digest } from "../digest/digest.ts";

/** Shorter prompts (`run the tests`) are ordinary phrases. */
const MIN_PROMPT_LENGTH = 20;
/** This many equal consecutive words are no coincidence. */
const QUOTED_WORDS = 8;
/** The part of a prompt that is compared: a longer one is a pasted document. */
const COMPARED_LENGTH = 50_000;

/** The prompts in a digest. A shortened prompt yields its remaining parts. */
export function promptsOf(digest: Digest): string[] {
  const shown = digest.timeline.flatMap((item) => ("prompt" in item ? [item.prompt] : []));
  return [...digest.prior_prompts, ...shown].flatMap((prompt) => prompt.split(/\s\[…\d+ characters omitted…\]\s/));
}

/** Returns whether a text contains one of these prompts, is part of one, or has eight consecutive words of one. */
export function promptRepetition(prompts: readonly string[]): (text: string) => boolean {
  const comparable = prompts
    .map((prompt) => wordsOf(prompt.slice(0, COMPARED_LENGTH)).join(" "))
    .filter((p) => p.length >= MIN_PROMPT_LENGTH);
  const repeats = repetition(prompts, QUOTED_WORDS);
  return (text) => {
    const own = wordsOf(text).join(" ");
    if (comparable.some((prompt) => own.includes(prompt))) return true;
    if (own.length >= MIN_PROMPT_LENGTH && comparable.some((prompt) => prompt.includes(own))) return true;
    return repeats(text);
  };
}

/** Returns whether a text has `length` consecutive words of one of these texts. */
export function repetition(texts: readonly string[], length: number): (text: string) => boolean {
  const known = new Set(texts.flatMap((text) => sequencesOf(wordsOf(text.slice(0, COMPARED_LENGTH)), length)));
  return (text) => sequencesOf(wordsOf(text), length).some((sequence) => known.has(sequence));
}

/** Matches flags, paths and names with punctuation inside. */
const ONE_WORD = /^-|[\p{L}\p{N}][./_\\@=]+[\p{L}\p{N}]/u;
/** Scripts that are written without spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;

/** Words in lower case, without quotes and punctuation; flags, paths and names are one word. */
function wordsOf(text: string): string[] {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}'’‘`´]/gu, "")
    .split(/\s+/)
    .flatMap((word) => {
      const bare = word.replace(/^[^\p{L}\p{N}-]+|[^\p{L}\p{N}]+$/gu, "");
      if (UNSPACED.test(bare)) return segments(bare);
      return ONE_WORD.test(bare) ? [bare] : bare.split(/[^\p{L}\p{M}\p{N}]+/u);
    })
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function segments(text: string): string[] {
  const found = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  return [...found].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

function sequencesOf(words: readonly string[], length: number): string[] {
  const sequences: string[] = [];
  for (let at = 0; at + length <= words.length; at++) sequences.push(words.slice(at, at + length).join(" "));
  return sequences;
}
