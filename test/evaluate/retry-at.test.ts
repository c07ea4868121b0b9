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
  ["you've hit your limit · resets 4pm", local(2026, 10, 22, 16, 0)],
  ["you've hit your limit · resets nov 27, 3pm (utc)", "2026-11-27T15:00:00.000Z"],
  ["you've hit your limit · resets nov 29, 2:05am (europe/berlin)", "2026-11-29T01:05:00.000Z"],
  ["you've hit your limit · resets jan 23, 2027, 10:13am (america/new_york)", "2027-01-23T15:13:00.000Z"],
  ["resets jul 1, 2027, 12am (america/new_york)", "2027-07-01T04:00:00.000Z"],
  ["resets nov 29, 2:05am (nowhere/at-all)", local(2026, 10, 29, 2, 5)],
  ["resets foo 29, 2:05am (utc)", null],
  ["resets soon", null],
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

test("a time without a date is the next such time in its zone", () => {
  const at = new Date("2026-11-24T23:30:00.000Z");
  expect(parseRetryAt("resets 11:59pm (utc)", at)).toBe("2026-11-24T23:59:00.000Z");
  expect(parseRetryAt("resets 1am (utc)", at)).toBe("2026-11-25T01:00:00.000Z");
  expect(parseRetryAt("resets 1am (europe/berlin)", at)).toBe("2026-11-25T00:00:00.000Z");
  expect(parseRetryAt("resets 7pm (america/new_york)", at)).toBe("2026-11-25T00:00:00.000Z");
});
