import { expect, test } from "bun:test";
import { earlier, instantOf, instantReader, later } from "../../src/events/timestamps.ts";

test("`instantReader` returns the same instants as `instantOf`", () => {
  const read = instantReader();
  for (const text of [
    "2026-11-22T06:15:01.319Z",
    "2026-11-22T06:15:01.999Z",
    "2026-11-22T06:15:02.000Z",
    "2026-11-22T06:15:01.001Z",
    "2026-11-22T06:15:01Z",
    "2026-11-22T06:15:01.319+02:00",
    "2026-11-22T06:15:01.319123Z",
    "2026-13-99T06:15:01.319Z",
    "2026-13-99T06:15:01.320Z",
    "no time",
    "",
  ]) {
    expect(read(text)).toBe(instantOf(text));
  }
});

test("`earlier` and `later` compare instants, not texts", () => {
  const inOrder = [
    "2026-11-22T07:15:01.319+02:00",
    "2026-11-22T06:15:01.318Z",
    "2026-11-22T06:15:01.319Z",
    "2026-11-22T06:15:02Z",
    "2026-11-22T06:15:02.5Z",
  ];
  for (const [index, a] of inOrder.entries()) {
    for (const b of inOrder.slice(index + 1)) {
      expect([earlier(a, b), earlier(b, a), later(a, b), later(b, a)]).toEqual([a, a, b, b]);
    }
    expect([earlier(a, null), later(null, a)]).toEqual([a, a]);
  }
});
