import { expect, test } from "bun:test";
import { formatBytes, formatDuration, plural, timeElement } from "../../../src/transcript/html/format.ts";

test.each([
  [0, "0 ms"],
  [999, "999 ms"],
  [3_210, "3.2 s"],
  [59_949, "59.9 s"],
  [59_951, "1 min"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h"],
  [4_320_000, "1 h 12 min"],
])("formats %d ms as %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test("formats bytes, counts and times", () => {
  expect([999, 1_499, 3_400_000].map(formatBytes)).toEqual(["999 B", "1 kB", "3.4 MB"]);
  expect([plural(1, "file"), plural(1_200, "line")]).toEqual(["1 file", "1,200 lines"]);
  const at = "2026-11-22T06:15:02.484Z";
  expect(timeElement(at).source).toBe(`<time datetime="${at}" data-form="time">06:15:02 UTC</time>`);
  expect(timeElement(at, "date").source).toContain(">2026-11-22 06:15 UTC<");
  expect(timeElement(null).source).toBe("");
});
