import { expect, test } from "bun:test";
import { parseRetryAt } from "../../src/evaluate/retry-at.ts";

const now = new Date(2026, 10, 22, 15, 0, 0);
const local = (...parts: [number, number, number, number, number, number?]) => new Date(...parts).toISOString();
const later = (ms: number) => new Date(now.getTime() + ms).toISOString();

const cases: [string, string | null][] = [
  ["try again at nov 23rd, 2026 2:13 am.", local(2026, 10, 23, 2, 13)],
  ["try again at december 1st, 2026 12:05 am.", local(2026, 11, 1, 0, 5)],
  ["try again at nov 23rd, 2026 12:30 pm", local(2026, 10, 23, 12, 30)],
  ["try again at 3:45 pm.", local(2026, 10, 22, 15, 45)],
  ["try again at 2:00 pm.", local(2026, 10, 23, 14, 0)],
  ["try again at 16:20", local(2026, 10, 22, 16, 20)],
  ["try again in 2 hours 5 minutes.", later(125 * 60_000)],
  ["try again in 3 days and 1 hour", later(73 * 3_600_000)],
  ["please try again in 1m30.5s. visit", later(90_500)],
  ["please try again in 20s", later(20_000)],
  ["please try again in 6ms.", later(6)],
  ["try again at xyz 99th, 2026 2:13 am", null],
  ["try again at foo 2nd, 2026 2:13 am", null],
  ["try again later", null],
  ["try again in a few minutes", null],
  ["try again in 999999 weeks", later(999_999 * 604_800_000)],
  [`try again in ${"9 hours ".repeat(100)}`, later(5 * 9 * 3_600_000)],
];

for (const [message, expected] of cases) {
  test(message.slice(0, 60), () => expect(parseRetryAt(message, now)).toBe(expected));
}
