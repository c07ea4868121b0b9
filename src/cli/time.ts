import { UsageError } from "./usage-error.ts";

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * An ISO 8601 date and time as UTC with milliseconds. Without an offset it is local time, as in git. A date alone is
 * refused: it does not say which midnight ends the day.
 */
export function parseTime(flag: string, text: string): string {
  const match = ISO.exec(text);
  const [, year, month, day, hour, minute, second = "00", fraction = "", offset = ""] = match ?? [];
  const date = `${year}-${month}-${day}`;
  const time = `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  // Date.parse moves February 30th into March, so a day that does not exist changes on the round trip.
  const exists = match !== null && isoOf(Date.parse(`${date}T${time}Z`))?.startsWith(`${date}T${hour}`);
  const result = exists ? isoOf(Date.parse(`${date}T${time}${canonicalOffset(offset)}`)) : undefined;
  if (result !== undefined) return result;
  throw new UsageError(
    `\`${flag}\` must be an ISO 8601 date and time, not \`${text}\``,
    `for example \`${flag} 2026-11-22T06:15:00Z\``,
  );
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const AGO = /^(\d{1,6})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)(?:\s+ago)?$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * A time in milliseconds since the epoch, from an age (`48h`, `3 days ago`), a date, `today`, `yesterday`, or an ISO 8601
 * date and time. A day is in the local time zone; as an `end` it includes the whole day.
 */
export function parseWhen(flag: string, text: string, edge: "start" | "end", now: Date): number {
  try {
    return timeOf(flag, text.trim(), edge, now);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `\`${flag}\` must be a time or an age, not \`${text}\``,
      `for example \`${flag} 3d\`, \`${flag} "2 weeks ago"\`, \`${flag} 2026-11-22\` or \`${flag} 2026-11-22T06:15:00Z\``,
    );
  }
}

function timeOf(flag: string, words: string, edge: "start" | "end", now: Date): number {
  const [, count = "", unit = ""] = AGO.exec(words) ?? [];
  if (count !== "") return now.getTime() - Number(count) * (UNITS[unit.charAt(0).toLowerCase()] ?? 0);
  const days = ["today", "yesterday"].indexOf(words.toLowerCase());
  if (days === -1 && !DATE.test(words)) return Date.parse(parseTime(flag, words));
  const day = days === -1 ? new Date(parseTime(flag, `${words}T00:00`)) : new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - Math.max(days, 0));
  if (edge === "start") return day.getTime();
  day.setDate(day.getDate() + 1);
  return day.getTime() - 1;
}

function canonicalOffset(offset: string): string {
  if (offset === "" || offset.toUpperCase() === "Z") return offset.toUpperCase();
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function isoOf(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
