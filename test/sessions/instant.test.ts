import { expect, test } from "bun:test";
import { instantOf, instantReader } from "../../src/sessions/instant.ts";

test("read in a row, times are the same instants as each by itself", () => {
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
