import { expect, test } from "bun:test";
import { join } from "node:path";
import { canonicalZone, formatStamp, fromWallClock, toWallClock } from "../../src/system/time-zone.ts";

const MODULE = join(import.meta.dir, "../../src/system/time-zone.ts");
const TIMES = ["2026-01-01T00:05:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:59:00Z"];

test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"])(
  "the stamp in the system's zone equals the stamp in the zone of that name: %s",
  (zone) => {
    const program = `
      import { formatStamp } from ${JSON.stringify(MODULE)};
      console.log(${JSON.stringify(TIMES)}.map((at) => formatStamp(new Date(at), null)).join(" "));
    `;
    const { stdout } = Bun.spawnSync([process.execPath, "-e", program], { env: { ...process.env, TZ: zone } });
    const named = TIMES.map((at) => formatStamp(new Date(at), { value: zone, from: "`CTX_TZ`" }));
    expect(stdout.toString().trim().split(" ")).toEqual(named);
  },
);

test("an invalid zone is an error that names the setting", () => {
  expect(() => formatStamp(new Date(0), { value: "Mars/Base", from: "`CTX_TZ`" })).toThrow(
    '`CTX_TZ` is not a time zone: "Mars/Base"',
  );
});

test("zone names are case-insensitive; an unknown one is null", () => {
  expect(canonicalZone("europe/berlin")).toBe("Europe/Berlin");
  expect(canonicalZone("middle-earth/shire")).toBeNull();
  expect(canonicalZone(undefined)).toBeNull();
});

test("fromWallClock inverts toWallClock, also around daylight-saving changes", () => {
  for (const at of ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-10-25T02:30:00Z", "2026-12-31T23:59:00Z"])
    for (const zone of ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC", null])
      expect(fromWallClock(toWallClock(new Date(at), zone), zone)).toEqual(new Date(at));
});

test("a day past the end of the month carries over", () => {
  const shown = { year: 2026, month: 10, day: 31, hour: 1, minute: 0 };
  expect(fromWallClock(shown, "Europe/Berlin")).toEqual(new Date("2026-12-01T00:00:00Z"));
});
