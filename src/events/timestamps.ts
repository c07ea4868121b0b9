// Parses and compares timestamps. The same time can be written in many ways, so texts are compared as instants.

/** Milliseconds since the epoch; null if the text is not a time. */
export function instantOf(text: string | null): number | null {
  if (text === null) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** A faster `instantOf` for a sequence of timestamps, most of which are in the same second as the one before. */
export function instantReader(): (text: string) => number | null {
  let second = "";
  let start: number | null = null;
  return (text) => {
    if (!/^.{19}\.\d{3}Z$/.test(text)) return instantOf(text);
    if (!text.startsWith(second) || second === "") {
      second = text.slice(0, 20);
      start = instantOf(`${second}000Z`);
    }
    return start === null ? null : start + Number(text.slice(20, 23));
  };
}

/** The usual form of a time, with a day up to 28, which every month has: such a text is valid without being parsed. */
const USUAL = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** The time as ISO 8601 UTC; null if the text is not a time. */
export function utcOf(text: string | null): string | null {
  if (text !== null && USUAL.test(text)) return text;
  if (text?.endsWith("Z") && !Number.isNaN(Date.parse(text))) return text;
  const ms = instantOf(text);
  return ms === null ? null : new Date(ms).toISOString();
}

/** The earlier of two times; if one is null, the other. */
export function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return isBefore(b, a) ? b : a;
}

/** The later of two times; if one is null, the other. */
export function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return isBefore(a, b) ? b : a;
}

/** Whether a time is before another. */
export function isBefore(a: string, b: string): boolean {
  return isPlain(a) && isPlain(b) ? a < b : Date.parse(a) < Date.parse(b);
}

/** Whether a time has the usual form, `2026-01-31T12:00:00.000Z`: texts of this form sort like their times. */
function isPlain(text: string): boolean {
  return text.length === 24 && text[4] === "-" && text[10] === "T" && text[19] === "." && text[23] === "Z";
}
