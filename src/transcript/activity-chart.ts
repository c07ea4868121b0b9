// A bar chart of events over time. Events are counted by minute as they come, and by longer intervals in long sessions.
import { z } from "zod";
import { plural } from "./html/format.ts";
import { type Html, html } from "./html/template.ts";

const BARS = 60;
const MIN_MINUTES = 5;
const BAR_WIDTH = 10;
const HEIGHT = 48;
const MINUTE_MS = 60_000;

/** The most counters kept. When there are more, intervals are merged in pairs, so that memory stays bounded. */
const MAX_COUNTS = 1_000;

export const activityState = z.strictObject({
  width: z
    .int()
    .positive()
    .max(2 ** 40),
  counts: z.array(z.tuple([z.int(), z.int().positive()])).max(MAX_COUNTS),
});

export class ActivityChart {
  /** Minutes per interval, a power of two. */
  #width: number;
  /** Events by interval. */
  #counts: Map<number, number>;

  constructor(saved?: z.output<typeof activityState>) {
    this.#width = saved?.width ?? 1;
    this.#counts = new Map(saved?.counts);
  }

  push(at: string | null): void {
    const interval = Math.floor(Date.parse(at ?? "") / MINUTE_MS / this.#width);
    if (!Number.isFinite(interval)) return;
    this.#counts.set(interval, (this.#counts.get(interval) ?? 0) + 1);
    while (this.#counts.size > MAX_COUNTS) this.#widen();
  }

  save(): z.output<typeof activityState> {
    return { width: this.#width, counts: [...this.#counts] };
  }

  /** Empty for a session of a few minutes, for which a chart says nothing. */
  render(): Html {
    const intervals = [...this.#counts.keys()];
    const first = intervals.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const last = intervals.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (!((last - first) * this.#width >= MIN_MINUTES)) return html``;
    const perBar = Math.ceil((last - first + 1) / BARS);
    const bars = new Array<number>(Math.ceil((last - first + 1) / perBar)).fill(0);
    for (const [interval, count] of this.#counts) {
      const bar = Math.floor((interval - first) / perBar);
      bars[bar] = (bars[bar] ?? 0) + count;
    }
    const most = Math.max(...bars);
    const label = `activity: peak of ${plural(most, "event")} in ${plural(perBar * this.#width, "minute")}`;
    return html`<figure class="activity"><svg viewBox="0 0 ${bars.length * BAR_WIDTH} ${HEIGHT}" role="img" aria-label="${label}" preserveAspectRatio="none">${bars.map(
      (count, index) => renderBar(count, index, most),
    )}</svg><figcaption>${label}</figcaption></figure>
`;
  }

  #widen(): void {
    const before = this.#counts;
    this.#width *= 2;
    this.#counts = new Map();
    for (const [interval, count] of before) {
      const wide = Math.floor(interval / 2);
      this.#counts.set(wide, (this.#counts.get(wide) ?? 0) + count);
    }
  }
}

function renderBar(count: number, index: number, most: number): Html {
  if (count === 0) return html``;
  const height = Math.max(2, Math.round((count / most) * HEIGHT));
  return html`<rect x="${index * BAR_WIDTH + 1}" y="${HEIGHT - height}" width="${BAR_WIDTH - 2}" height="${height}"/>`;
}
