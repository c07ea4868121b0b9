// When a usage limit ends, according to the message that reports it.
import { canonicalZone, fromWallClock, toWallClock } from "../system/time-zone.ts";

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const UNIT_MS: readonly [RegExp, number][] = [
  [/^ms|^milli/, 1],
  [/^s/, 1_000],
  [/^m/, 60_000],
  [/^h/, 3_600_000],
  [/^d/, 86_400_000],
  [/^w/, 604_800_000],
];

/** Codex: `try again at nov 23rd, 2026 2:13 am`. */
const AT =
  /try again at (?:(?<month>[a-z]{3})[a-z]* (?<day>\d{1,2})(?:st|nd|rd|th)?,? (?<year>\d{4}),? )?(?<hour>\d{1,2}):(?<minute>\d{2}) ?(?<half>[ap]m)?/;
/** Claude Code: `resets nov 29, 2:05am (europe/berlin)`, with a year only if it is not the current one. */
const RESETS =
  /resets (?:at )?(?:(?<month>[a-z]{3})[a-z]* (?<day>\d{1,2}),? (?:(?<year>\d{4}),? )?(?:at )?)?(?<hour>\d{1,2})(?::(?<minute>\d{2}))? ?(?<half>[ap]m)(?: \((?<zone>[a-z0-9_+/-]{1,40})\))?/;
/** `try again in 2 hours 5 minutes`. */
const IN =
  /(?:try again|retry|resets?|available again) (?:in|after) (?<span>(?:\d{1,6}(?:\.\d{1,6})? ?[a-z]{1,12},? ?(?:and )?){1,5})/;

/**
 * The time in a lower-case message, as ISO 8601 UTC; null if there is none. A time without a zone is local; a time
 * without a date is the next such time.
 */
export function parseRetryAt(message: string, now: Date): string | null {
  return parseClock(message, now) ?? parseSpan(message, now);
}

function parseClock(message: string, now: Date): string | null {
  const found = (AT.exec(message) ?? RESETS.exec(message))?.groups;
  if (found === undefined) return null;
  const zone = canonicalZone(found.zone);
  const today = toWallClock(now, zone);
  const month = found.month === undefined ? today.month : MONTHS.indexOf(found.month);
  if (month === -1) return null;
  const time = {
    year: found.year === undefined ? today.year : Number(found.year),
    month,
    day: found.day === undefined ? today.day : Number(found.day),
    hour: (Number(found.hour) % (found.half === undefined ? 24 : 12)) + (found.half === "pm" ? 12 : 0),
    minute: Number(found.minute ?? 0),
  };
  const at = fromWallClock(time, zone);
  if (found.month !== undefined || at.getTime() >= now.getTime()) return toIso(at.getTime());
  return toIso(fromWallClock({ ...time, day: time.day + 1 }, zone).getTime());
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
