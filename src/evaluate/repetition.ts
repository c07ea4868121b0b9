// A changelog paraphrases: whether a text repeats another one word for word.
import type { Digest } from "../digest/digest.ts";

/** Shorter prompts (`run the tests`) are ordinary phrases that nobody quotes. */
const SHORTEST_PROMPT = 20;
/** So many words in a row, the same, are no chance. */
const QUOTED_WORDS = 8;
/** How much of a prompt is compared: the rest is a pasted document. */
const COMPARED = 50_000;

/** The prompts a digest shows, each in the pieces that shortening left. */
export function promptsOf(digest: Digest): string[] {
  const shown = digest.timeline.flatMap((item) => ("prompt" in item ? [item.prompt] : []));
  return [...digest.prior_prompts, ...shown].flatMap((prompt) => prompt.split(/\s\[…\d+ characters left out…\]\s/));
}

/** Tells of a text whether it holds one of these prompts, is a part of one, or shares a long run of words with one. */
export function promptRepetition(prompts: readonly string[]): (text: string) => boolean {
  const asked = prompts
    .map((prompt) => wordsOf(prompt.slice(0, COMPARED)).join(" "))
    .filter((p) => p.length >= SHORTEST_PROMPT);
  const repeats = repetition(prompts, QUOTED_WORDS);
  return (text) => {
    const own = wordsOf(text).join(" ");
    if (asked.some((prompt) => own.includes(prompt))) return true;
    if (own.length >= SHORTEST_PROMPT && asked.some((prompt) => prompt.includes(own))) return true;
    return repeats(text);
  };
}

/** Tells of a text whether it shares so many words in a row with one of these. */
export function repetition(texts: readonly string[], length: number): (text: string) => boolean {
  const runs = new Set(texts.flatMap((text) => runsOf(wordsOf(text.slice(0, COMPARED)), length)));
  return (text) => runs.size > 0 && runsOf(wordsOf(text), length).some((run) => runs.has(run));
}

const WHOLE = /^-|[\p{L}\p{N}][./_\\@=]+[\p{L}\p{N}]/u;
/** Scripts that are written without spaces. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}]/u;

/** Words without case, quotes and punctuation; paths, flags and names stay whole. */
function wordsOf(text: string): string[] {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\p{Cf}'’‘`´]/gu, "")
    .split(/\s+/)
    .flatMap((word) => {
      const bare = word.replace(/^[^\p{L}\p{N}-]+|[^\p{L}\p{N}]+$/gu, "");
      if (UNSPACED.test(bare)) return segments(bare);
      return WHOLE.test(bare) ? [bare] : bare.split(/[^\p{L}\p{M}\p{N}]+/u);
    })
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}

function segments(text: string): string[] {
  const found = new Intl.Segmenter(undefined, { granularity: "word" }).segment(text);
  return [...found].flatMap(({ segment, isWordLike }) => (isWordLike ? [segment] : []));
}

function runsOf(words: readonly string[], length: number): string[] {
  const runs: string[] = [];
  for (let at = 0; at + length <= words.length; at++) runs.push(words.slice(at, at + length).join(" "));
  return runs;
}
