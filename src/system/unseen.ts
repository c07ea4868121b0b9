// Characters that nobody sees and that change what is seen: they reorder a line, split a word, or carry a text inside
// another one. Joiners stay, which emoji and many scripts need, and so do ordinary variation selectors.

/** Bidirectional embeddings, overrides, isolates and marks; zero-width spaces; soft hyphens; tags; line separators. */
const UNSEEN =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\u034f/gu;
/** What a terminal obeys that JSON leaves as it is. */
const CONTROL = /[\u007f-\u009f]/g;

/** Text without them; what ends a line becomes a line feed. */
export function stripUnseen(text: string): string {
  return text.replace(UNSEEN, (character) => (character === "\u2028" || character === "\u2029" ? "\n" : ""));
}

/** JSON of the same value, with these and control characters escaped: exact data that is safe to look at. */
export function escapeUnseen(json: string): string {
  return json.replace(UNSEEN, escaped).replace(CONTROL, escaped);
}

function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
