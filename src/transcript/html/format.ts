// Times, durations, sizes, counts and lists as readers expect them.
import { type Html, html, type Part } from "./template.ts";

/** Longer than any timestamp. A log may hold a longer text that starts like one. */
const LONGEST_TIME = 40;

/**
 * A `<time>` element, `06:15:02 UTC`; empty where the log has no time. Pages use UTC so that they are the same wherever
 * they are generated. The page's script converts times to the reader's time zone.
 */
export function timeElement(at: string | null, form: "time" | "date" = "time"): Html {
  if (at === null || at.length > LONGEST_TIME) return html``;
  const shown = form === "time" ? `${at.slice(11, 19)} UTC` : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  return html`<time datetime="${at}" data-form="${form}">${shown}</time>`;
}

/** `142 ms`, `3.2 s`, `2 min 5 s`, `1 h 12 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return joinUnits([Math.floor(seconds / 60), "min"], [seconds % 60, "s"]);
  const minutes = Math.round(seconds / 60);
  return joinUnits([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

function joinUnits(...amounts: readonly [number, string][]): string {
  return amounts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(" ");
}

/** Milliseconds between two timestamps; NaN where one is missing. */
export function millisecondsBetween(startedAt: string | null, endedAt: string | null): number {
  return Date.parse(endedAt ?? "") - Date.parse(startedAt ?? "");
}

/** `850 B`, `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 file`, `2,000 files`: pages separate thousands, unlike messages and entries. */
export function plural(count: number, noun: string): string {
  // Not `toLocaleString`: it takes longer than the rest of a block.
  return count === 1 ? `1 ${noun}` : `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${noun}s`;
}

/** Names separated by commas, with the number of those not shown. */
export function nameList(shown: readonly string[], count: number): Part {
  const more = count - shown.length;
  return [shown.map((name, index) => html`${index > 0 && ", "}<code>${name}</code>`), more > 0 && `, and ${more} more`];
}
