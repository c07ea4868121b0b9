// Times from logs and command lines, as rows hold them.

/** A time as ISO 8601 UTC, as precise as it was written; null for none, and for what is no time a row may hold. */
export function toUtc(time: string | null): string | null {
  const at = Date.parse(time ?? "");
  if (time === null || Number.isNaN(at)) return null;
  const utc = new Date(at).toISOString();
  // `Date` takes a 30th of February for the 2nd of March, and years of six digits.
  if (!/^\d{4}-/.test(utc)) return null;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time)) return utc;
  return time.slice(0, 19) === utc.slice(0, 19) ? time : null;
}
