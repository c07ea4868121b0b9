import { expect, test } from "bun:test";
import { instantOf, wallClock, zoneOf } from "../../src/system/wall-clock.ts";

test("a zone is known by its name in any case, or not at all", () => {
  expect(zoneOf("europe/berlin")).toBe("Europe/Berlin");
  expect(zoneOf("middle-earth/shire")).toBeNull();
  expect(zoneOf(undefined)).toBeNull();
});

test("what a clock shows is the instant it was shown at, also around a change of the clocks", () => {
  for (const at of ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-10-25T02:30:00Z", "2026-12-31T23:59:00Z"])
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", null])
      expect(instantOf(wallClock(new Date(at), zone), zone)).toEqual(new Date(at));
});

test("a day too many is the next month's first", () => {
  const shown = { year: 2026, month: 10, day: 31, hour: 1, minute: 0 };
  expect(instantOf(shown, "Europe/Berlin")).toEqual(new Date("2026-12-01T00:00:00Z"));
});
