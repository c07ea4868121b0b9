import { describe, expect, test } from "bun:test";
import { parseTime, parseWhen } from "../../src/cli/time.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

test.each([
  ["2026-11-22T06:15:00Z", "2026-11-22T06:15:00.000Z"],
  ["2026-11-22T06:15Z", "2026-11-22T06:15:00.000Z"],
  ["2026-11-22 06:15:00.5Z", "2026-11-22T06:15:00.500Z"],
  ["2026-11-22t06:15:00,123456789z", "2026-11-22T06:15:00.123Z"],
  ["2026-11-22T06:15:00+02:00", "2026-11-22T04:15:00.000Z"],
  ["2026-11-22T06:15:00-0530", "2026-11-22T11:45:00.000Z"],
  ["2026-11-22T06:15:00+02", "2026-11-22T04:15:00.000Z"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"],
  ["2026-12-31T23:59:59.999-01:00", "2027-01-01T00:59:59.999Z"],
])("%s is %s", (text, utc) => {
  expect(parseTime("--start", text)).toBe(utc);
});

test("a time without an offset is local", () => {
  expect(parseTime("--start", "2026-11-22T06:15:00")).toBe(new Date(2026, 10, 22, 6, 15).toISOString());
});

test.each(["2026-11-22", "yesterday", "", "2026-02-30T00:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z"])(
  "%p is not a date and time",
  (text) => {
    expect(() => parseTime("--start", text)).toThrow(UsageError);
  },
);

test.each(["2026-11-22T25:00:00Z", "2026-11-22T06:60:00Z", "2026-11-22T06:15:61Z", "2026-11-22T06:15:00+25:00"])(
  "%p is not a date and time",
  (text) => {
    expect(() => parseTime("--start", text)).toThrow("must be an ISO 8601 date and time");
  },
);

describe("parseWhen", () => {
  const now = new Date(2026, 10, 24, 12, 30, 15, 500);
  const local = (day: number, ...time: number[]) => new Date(2026, 10, day, ...time).getTime();

  test.each([
    ["48h", now.getTime() - 48 * 3_600_000],
    ["3 days ago", now.getTime() - 72 * 3_600_000],
    ["90 min", now.getTime() - 90 * 60_000],
    ["2 weeks ago", now.getTime() - 14 * 24 * 3_600_000],
    ["1H", now.getTime() - 3_600_000],
    ["today", local(24)],
    ["Yesterday", local(23)],
    ["2026-11-22", local(22)],
    ["2026-11-22T06:15:00Z", Date.UTC(2026, 10, 22, 6, 15)],
    ["2026-11-22 06:15", local(22, 6, 15)],
  ])("%j", (text, expected) => {
    expect(parseWhen("--since", text, "start", now)).toBe(expected);
  });

  test("a day as an end includes the whole day", () => {
    expect(parseWhen("--until", "2026-11-22", "end", now)).toBe(local(23) - 1);
    expect(parseWhen("--until", "yesterday", "end", now)).toBe(local(24) - 1);
    expect(parseWhen("--until", "2026-11-22T06:15:00Z", "end", now)).toBe(Date.UTC(2026, 10, 22, 6, 15));
  });

  test.each(["2026-02-30", "tomorrow", "3 fortnights", "-3d", "", "9999999h"])("%j is not a time", (text) => {
    expect(() => parseWhen("--since", text, "start", now)).toThrow("`--since` must be a time or an age");
  });
});
