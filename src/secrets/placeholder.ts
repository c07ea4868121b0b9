// What stands where a secret stood.

/** Older entries have it in lower case: they count as well. */
const FORM = "\\[redacted:[a-z][a-z0-9-]{0,40}\\]";
const ALONE = new RegExp(`^${FORM}$`, "i");

export function placeholder(kind: string): string {
  return `[REDACTED:${kind}]`;
}

export function isPlaceholder(text: string): boolean {
  return ALONE.test(text);
}

export function countPlaceholders(text: string): number {
  return text.match(new RegExp(FORM, "gi"))?.length ?? 0;
}

/** The text between placeholders and they themselves, in turns. */
export function splitAtPlaceholders(text: string): string[] {
  return text.split(new RegExp(`(${FORM})`, "i"));
}
