// Times and durations as people read them. Times are UTC in the page, so that it is the same wherever it was made; the
// page's script shows them in the reader's own zone.
import { type Html, html } from "./template.ts";

/** A log may hold what only begins like a time. */
const LONGEST_TIME = 40;

/** `06:15:02 UTC`, with the whole time for machines; nothing where the log has no time. */
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
  if (seconds < 3_600) return parts([Math.floor(seconds / 60), "min"], [seconds % 60, "s"]);
  const minutes = Math.round(seconds / 60);
  return parts([Math.floor(minutes / 60), "h"], [minutes % 60, "min"]);
}

/** `850 B`, `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `1 file`, `2 files`. */
export function plural(count: number, noun: string): string {
  // Not `toLocaleString`: it takes longer than all the rest of a block.
  return count === 1 ? `1 ${noun}` : `${String(count).replace(/\B(?=(?:\d{3})+$)/g, ",")} ${noun}s`;
}

function parts(...amounts: readonly [number, string][]): string {
  return amounts.flatMap(([amount, unit]) => (amount === 0 ? [] : [`${amount} ${unit}`])).join(" ");
}
