// How busy the session was over time, as bars. Minutes are counted as they come, and drawn as few enough bars to see.
import { plural } from "./html/moments.ts";
import { type Html, html } from "./html/template.ts";

const BARS = 60;
const MIN_MINUTES = 5;
const BAR_WIDTH = 10;
const HEIGHT = 48;
const MINUTE_MS = 60_000;

export class Activity {
  readonly #minutes = new Map<number, number>();

  push(at: string | null): void {
    const minute = Math.floor(Date.parse(at ?? "") / MINUTE_MS);
    if (Number.isFinite(minute)) this.#minutes.set(minute, (this.#minutes.get(minute) ?? 0) + 1);
  }

  /** Nothing where it was all over in a few minutes: a bar or two say nothing. */
  render(): Html {
    const minutes = [...this.#minutes.keys()];
    const first = minutes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const last = minutes.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    if (!(last - first >= MIN_MINUTES)) return html``;
    const perBar = Math.ceil((last - first + 1) / BARS);
    const bars = new Array<number>(Math.ceil((last - first + 1) / perBar)).fill(0);
    for (const [minute, count] of this.#minutes) {
      const bar = Math.floor((minute - first) / perBar);
      bars[bar] = (bars[bar] ?? 0) + count;
    }
    const most = Math.max(...bars);
    const label = `activity: at most ${plural(most, "event")} in ${plural(perBar, "minute")}`;
    return html`<figure class="activity"><svg viewBox="0 0 ${bars.length * BAR_WIDTH} ${HEIGHT}" role="img" aria-label="${label}" preserveAspectRatio="none">${bars.map(
      (count, index) => bar(count, index, most),
    )}</svg><figcaption>${label}</figcaption></figure>
`;
  }
}

function bar(count: number, index: number, most: number): Html {
  if (count === 0) return html``;
  const height = Math.max(2, Math.round((count / most) * HEIGHT));
  return html`<rect x="${index * BAR_WIDTH + 1}" y="${HEIGHT - height}" width="${BAR_WIDTH - 2}" height="${height}"/>`;
}
