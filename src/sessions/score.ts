// How well a session's time fits a run's window: `|session start − run start| + |session end − run end|`, in
// milliseconds.
import { instantOf } from "../events/timestamps.ts";

/** The maximum difference between the clocks of the shell, the tool and the file. */
const SLACK_MS = 5_000;

/**
 * Two sessions whose scores differ by less are a tie: a tool takes up to about a second to start and to end, and a
 * session that runs at the same time may fit the window as well as the right one.
 */
export const MARGIN_MS = 2_000;

export interface TimeSpan {
  first: string | null;
  last: string | null;
}

export interface RunTimes {
  start: string | null;
  end: string | null;
}

/** Whether a session may have been active within the window. An unknown time excludes nothing. */
export function overlaps(span: TimeSpan, { start, end }: RunTimes): boolean {
  const [first, last, from, to] = [span.first, span.last, start, end].map(instantOf);
  const startsInTime = !isNumber(first) || !isNumber(to) || first <= to + SLACK_MS;
  const endsInTime = !isNumber(last) || !isNumber(from) || last >= from - SLACK_MS;
  return startsInTime && endsInTime;
}

/**
 * The score of a session; smaller is better. If a session started before the window, it was
 * resumed in it: its start is not compared.
 */
export function score(span: TimeSpan, { start, end }: RunTimes): number {
  const [first, last, from, to] = [span.first, span.last, start, end].map(instantOf);
  const late = isNumber(first) && isNumber(from) ? Math.max(0, first - from) : 0;
  return late + (isNumber(last) && isNumber(to) ? Math.abs(last - to) : 0);
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number";
}
