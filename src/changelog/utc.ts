// Times from logs and command lines, as rows hold them.

/** A time as ISO 8601 UTC, as precise as it was written; null for none, and for what is no time. */
export function toUtc(time: string | null): string | null {
  const at = Date.parse(time ?? "");
  if (time === null || Number.isNaN(at)) return null;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time) ? time : new Date(at).toISOString();
}
