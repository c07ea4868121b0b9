// A changelog paraphrases: whether a text repeats a prompt word for word.
import type { Digest } from "../evidence/digest.ts";

/** Shorter prompts (`run the tests`) are ordinary phrases that nobody quotes. */
const SHORTEST_PROMPT = 20;
/** So many words in a row, the same, are no chance. */
const QUOTED_WORDS = 10;
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
    .map((prompt) => normalize(prompt.slice(0, COMPARED)))
    .filter((p) => p.length >= SHORTEST_PROMPT);
  const askedRuns = new Set(asked.flatMap(runsOf));
  return (text) => {
    const own = normalize(text);
    if (asked.some((prompt) => own.includes(prompt))) return true;
    if (own.length >= SHORTEST_PROMPT && asked.some((prompt) => prompt.includes(own))) return true;
    return runsOf(own).some((run) => askedRuns.has(run));
  };
}

/** Words without what stands around them: quotes and full stops make no difference, paths and names stay whole. */
function normalize(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""))
    .filter((word) => word !== "")
    .join(" ");
}

function runsOf(normalized: string): string[] {
  const words = normalized.split(" ");
  const runs: string[] = [];
  for (let at = 0; at + QUOTED_WORDS <= words.length; at++) runs.push(words.slice(at, at + QUOTED_WORDS).join(" "));
  return runs;
}
