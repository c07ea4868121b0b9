// Dates and times as clocks show them in a time zone. A null zone is the system's.
import { ExpectedError } from "./errors.ts";

/** A time zone and the setting that names it, for the error message when there is no such zone. */
export interface ZoneSetting {
  value: string;
  from: string;
}

export interface WallClock {
  year: number;
  /** 0 is January. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** `YYYY-MM-DD-HHMM` in a time zone. */
export function formatStamp(at: Date, zone: ZoneSetting | null): string {
  if (zone !== null && canonicalZone(zone.value) === null) {
    throw new ExpectedError(`${zone.from} is not a time zone: ${JSON.stringify(zone.value)}`, {
      hint: "use a name such as `Europe/Berlin` or `UTC`",
    });
  }
  const { year, month, day, hour, minute } = toWallClock(at, zone?.value ?? null);
  const [MM, DD, hh, mm] = [month + 1, day, hour, minute].map((part) => String(part).padStart(2, "0"));
  return `${year}-${MM}-${DD}-${hh}${mm}`;
}

/** The name of a zone in its usual spelling; null where there is no such zone. */
export function canonicalZone(name: string | undefined): string | null {
  try {
    return name === undefined ? null : new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

export function toWallClock(at: Date, zone: string | null): WallClock {
  // Does not use `Intl`, which takes longer to load than everything else that creates a session directory.
  if (zone === null)
    return {
      year: at.getFullYear(),
      month: at.getMonth(),
      day: at.getDate(),
      hour: at.getHours(),
      minute: at.getMinutes(),
    };
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const format = new Intl.DateTimeFormat("en-US", { ...numeric, timeZone: zone, hourCycle: "h23" });
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { year, month: month - 1, day, hour, minute };
}

/** The moment at which clocks in the zone show these values; values that are too large carry over. */
export function fromWallClock(shown: WallClock, zone: string | null): Date {
  const { year, month, day, hour, minute } = shown;
  if (zone === null) return new Date(year, month, day, hour, minute);
  const target = utcOf(shown);
  // The second correction is for a daylight-saving change between the first guess and the answer.
  let at = target;
  for (let correction = 0; correction < 2; correction++) at += target - utcOf(toWallClock(new Date(at), zone));
  return new Date(at);
}

function utcOf({ year, month, day, hour, minute }: WallClock): number {
  return Date.UTC(year, month, day, hour, minute);
}
