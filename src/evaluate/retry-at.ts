// When a usage limit ends, in the words of the message that reports it.

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const UNIT_MS: readonly [RegExp, number][] = [
  [/^ms|^milli/, 1],
  [/^s/, 1_000],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
  [/^w/, 604_800_000],
];

const AT =
  /try again at (?:(?<month>[a-z]{3})[a-z]* (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4}),? )?(?<hour>\d{1,2}):(?<minute>\d{2}) ?(?<half>[ap]m)?/;
const IN =
  /(?:try again|retry|resets?|available again) (?:in|after) (?<span>(?:\d{1,6}(?:\.\d{1,6})? ?[a-z]{1,12},? ?(?:and )?){1,5})/;

/**
 * The time after `try again at` or `in` in a lower-case message, ISO 8601 UTC. Codex prints it in local time, without
 * the date when it is today.
 */
export function parseRetryAt(message: string, now: Date): string | null {
  return parseClock(message, now) ?? parseSpan(message, now);
}

function parseClock(message: string, now: Date): string | null {
  const found = AT.exec(message)?.groups;
  if (found === undefined) return null;
  const { month, day, year, half } = found;
  const hour = (Number(found.hour) % (half === undefined ? 24 : 12)) + (half === "pm" ? 12 : 0);
  const at =
    month === undefined
      ? new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour, Number(found.minute))
      : new Date(Number(year), MONTHS.indexOf(month), Number(day), hour, Number(found.minute));
  if (month !== undefined && !MONTHS.includes(month)) return null;
  if (month === undefined && at < now) at.setDate(at.getDate() + 1);
  return toIso(at.getTime());
}

function parseSpan(message: string, now: Date): string | null {
  const span = IN.exec(message)?.groups?.span;
  if (span === undefined) return null;
  let total = 0;
  for (const [, amount, unit = ""] of span.matchAll(/(\d+(?:\.\d+)?) ?([a-z]+)/g)) {
    const known = UNIT_MS.find(([name]) => name.test(unit));
    if (known === undefined) break;
    total += Number(amount) * known[1];
  }
  return total === 0 ? null : toIso(now.getTime() + Math.ceil(total));
}

function toIso(time: number): string | null {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
