import { UsageError } from "./usage-error.ts";

const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * An ISO 8601 date and time as UTC with milliseconds. Without an offset it is local time, as git takes it. A date alone
 * is refused: as an end it could mean either midnight.
 */
export function parseTime(flag: string, text: string): string {
  const match = ISO.exec(text);
  const [, year, month, day, hour, minute, second = "00", fraction = "", offset = ""] = match ?? [];
  const date = `${year}-${month}-${day}`;
  const time = `${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}`;
  // Date.parse moves February 30th into March; a day that does not survive the round trip does not exist.
  const exists = match !== null && isoOf(Date.parse(`${date}T${time}Z`))?.startsWith(`${date}T${hour}`);
  const result = exists ? isoOf(Date.parse(`${date}T${time}${canonicalOffset(offset)}`)) : undefined;
  if (result !== undefined) return result;
  throw new UsageError(
    `\`${flag}\` takes an ISO 8601 date and time, not \`${text}\``,
    `such as \`${flag} 2026-11-22T06:15:00Z\``,
  );
}

function canonicalOffset(offset: string): string {
  if (offset === "" || offset.toUpperCase() === "Z") return offset.toUpperCase();
  const digits = offset.slice(1).replace(":", "").padEnd(4, "0");
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function isoOf(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
