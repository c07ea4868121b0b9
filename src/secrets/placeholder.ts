// The placeholder that replaces a secret.

/** Case-insensitive, because older entries have placeholders in lower case. */
const PLACEHOLDER = "\\[redacted:[a-z][a-z0-9-]{0,40}\\]";
const MAX_LENGTH = "[redacted:]".length + 41;
const ANY_PLACEHOLDER = new RegExp(PLACEHOLDER, "i");
const EACH_PLACEHOLDER = new RegExp(PLACEHOLDER, "gi");
const ONLY_PLACEHOLDER = new RegExp(`^${PLACEHOLDER}$`, "i");

export function placeholder(kind: string): string {
  return `[REDACTED:${kind}]`;
}

export function isPlaceholder(text: string): boolean {
  return ONLY_PLACEHOLDER.test(text);
}

export function hasPlaceholder(text: string): boolean {
  return ANY_PLACEHOLDER.test(text);
}

/** Where the placeholder ends that contains a position; null if none does. */
export function endOfPlaceholder(text: string, position: number): number | null {
  const from = Math.max(0, position - MAX_LENGTH);
  for (const { index, 0: match } of text.slice(from, position + MAX_LENGTH).matchAll(EACH_PLACEHOLDER)) {
    if (from + index <= position && position < from + index + match.length) return from + index + match.length;
  }
  return null;
}

/** The text between placeholders, and the placeholders at odd indexes. */
export function splitAtPlaceholders(text: string): string[] {
  return text.split(new RegExp(`(${PLACEHOLDER})`, "i"));
}
