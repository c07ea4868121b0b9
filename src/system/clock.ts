// Times as people name folders: in their own zone.
import { ExpectedError } from "./errors.ts";

/** A time zone and the setting it came from, for the message when it is no zone. */
export interface ZoneSetting {
  value: string;
  from: string;
}

/** `YYYY-MM-DD-HHMM` in a time zone; null means the system's. */
export function formatStamp(at: Date, zone: ZoneSetting | null): string {
  if (zone === null) return localStamp(at);
  const parts: Record<string, string> = {};
  for (const { type, value } of stampFormat(zone).formatToParts(at)) parts[type] = value;
  return `${parts.year}-${parts.month}-${parts.day}-${parts.hour}${parts.minute}`;
}

/** Without `Intl`, which takes longer to load than all else that makes a session directory. */
function localStamp(at: Date): string {
  const [month, day, hour, minute] = [at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()].map((part) =>
    String(part).padStart(2, "0"),
  );
  return `${at.getFullYear()}-${month}-${day}-${hour}${minute}`;
}

function stampFormat(zone: ZoneSetting): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-CA", {
      calendar: "iso8601",
      numberingSystem: "latn",
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      timeZone: zone.value,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ExpectedError(`${zone.from} names no time zone: ${JSON.stringify(zone.value)}`, {
      hint: "use a name such as `Europe/Berlin` or `UTC`",
      cause: error,
    });
  }
}
