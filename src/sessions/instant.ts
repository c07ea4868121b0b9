// Times compare as instants: the same moment can be written in many ways.

/** Milliseconds since the epoch; null when the text is no time. */
export function instantOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** The time as ISO 8601 UTC; null when the text is no time. */
export function utcOf(text: string | null): string | null {
  if (text?.endsWith("Z") && !Number.isNaN(Date.parse(text))) return text;
  const ms = instantOf(text);
  return ms === null ? null : new Date(ms).toISOString();
}
