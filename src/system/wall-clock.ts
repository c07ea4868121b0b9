// What clocks on the wall show in a time zone. No zone is the system's.

export interface WallClock {
  year: number;
  /** From 0. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

/** A zone's name if there is such a zone. */
export function zoneOf(name: string | undefined): string | null {
  try {
    return name === undefined ? null : new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}

export function wallClock(at: Date, zone: string | null): WallClock {
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

/** When clocks show that; fields that are too large carry over. */
export function instantOf(shown: WallClock, zone: string | null): Date {
  const { year, month, day, hour, minute } = shown;
  if (zone === null) return new Date(year, month, day, hour, minute);
  const target = utcOf(shown);
  // The second correction is for a change of the clocks between the first guess and the answer.
  let at = target;
  for (let correction = 0; correction < 2; correction++) at += target - utcOf(wallClock(new Date(at), zone));
  return new Date(at);
}

function utcOf({ year, month, day, hour, minute }: WallClock): number {
  return Date.UTC(year, month, day, hour, minute);
}
