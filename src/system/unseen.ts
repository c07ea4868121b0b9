// Characters that nobody sees and that change what is seen: they reorder a line, split a word, or carry a text inside
// another one. Joiners stay, which emoji and many scripts need, and so do ordinary variation selectors.

/** Bidirectional marks, embeddings, overrides and isolates; zero-width spaces; soft hyphens; tags; line
 * separators. */
const UNSEEN =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\u034f/gu;

export function stripUnseen(text: string): string {
  return text.replace(UNSEEN, (character) => (character === "\u2028" || character === "\u2029" ? "\n" : ""));
}
