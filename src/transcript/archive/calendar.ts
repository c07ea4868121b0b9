// On which days sessions were worked on, as a calendar of weeks. Days are those of UTC, so that it is the same wherever
// it is made.
import { plural } from "../html/format.ts";
import { type Html, html } from "../html/template.ts";

const DAY_MS = 86_400_000;
/** A year, and the week it began in. */
const MAX_WEEKS = 53;
const CELL = 12;
const SIZE = 10;
/** Busier days are as dark as this one. */
const DARKEST = 4;

/** The calendar of moments, up to the last of them; nothing where there are none. */
export function renderCalendar(moments: readonly string[]): Html {
  const days = new Map<number, number>();
  for (const moment of moments) {
    const day = Math.floor(Date.parse(moment) / DAY_MS);
    if (Number.isFinite(day)) days.set(day, (days.get(day) ?? 0) + 1);
  }
  if (days.size === 0) return html``;
  const all = [...days.keys()].sort((a, b) => a - b);
  const last = weekOf(all.at(-1) ?? 0);
  const first = Math.max(weekOf(all[0] ?? 0), last - MAX_WEEKS + 1);
  const shown = all.filter((day) => weekOf(day) >= first);
  const cells = shown.map((day) => renderDay(day, days.get(day) ?? 0, first));
  const runs = shown.reduce((sum, day) => sum + (days.get(day) ?? 0), 0);
  const before = all.reduce((sum, day) => sum + (days.get(day) ?? 0), 0) - runs;
  const span = `${dateOf(shown[0] ?? 0)} to ${dateOf(shown.at(-1) ?? 0)}`;
  const label = `${plural(runs, "run")} on ${plural(shown.length, "day")}, ${span}${before > 0 ? `; ${before} before that` : ""}`;
  const width = (last - first + 1) * CELL;
  return html`<figure class="calendar"><svg viewBox="0 0 ${width} ${7 * CELL}" width="${width}" height="${7 * CELL}" role="img" aria-label="${label}">${cells}</svg><figcaption>${label}</figcaption></figure>
`;
}

function renderDay(day: number, count: number, first: number): Html {
  const opacity = Math.min(count, DARKEST) / DARKEST;
  const [x, y] = [(weekOf(day) - first) * CELL, weekdayOf(day) * CELL];
  return html`<rect x="${x}" y="${y}" width="${SIZE}" height="${SIZE}" rx="2" fill-opacity="${opacity}"><title>${dateOf(day)}: ${plural(count, "run")}</title></rect>`;
}

/** Weeks begin on Monday; the first day of all was a Thursday. */
function weekOf(day: number): number {
  return Math.floor((day + 3) / 7);
}

function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
