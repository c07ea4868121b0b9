// Invisible characters that change what a reader sees: they reorder a line, split a word, or hide a text inside another
// one. Joiners and ordinary variation selectors are kept: emoji and many scripts need them.

/** Bidirectional embeddings, overrides, isolates and marks; zero-width spaces; soft hyphens; tags; line separators. */
const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\u034f/gu;
/** Control characters that JSON does not escape. */
const CONTROL = /[\u007f-\u009f]/g;

/** Removes invisible characters from a text; line and paragraph separators become line feeds. */
export function stripInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === "\u2028" || character === "\u2029" ? "\n" : ""));
}

/** JSON of the same value with invisible and control characters escaped, so that it is safe to print. */
export function escapeInvisible(json: string): string {
  return json.replace(INVISIBLE, unicodeEscape).replace(CONTROL, unicodeEscape);
}

function unicodeEscape(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
