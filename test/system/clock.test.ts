import { expect, test } from "bun:test";
import { join } from "node:path";
import { formatStamp } from "../../src/system/clock.ts";

const CLOCK = join(import.meta.dir, "../../src/system/clock.ts");
const TIMES = ["2026-01-01T00:05:00Z", "2026-03-29T01:30:00Z", "2026-10-25T00:30:00Z", "2026-12-31T23:59:00Z"];

test.each(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"])(
  "a stamp in the system's zone is the one of that zone by name: %s",
  (zone) => {
    const program = `
      import { formatStamp } from ${JSON.stringify(CLOCK)};
      console.log(${JSON.stringify(TIMES)}.map((at) => formatStamp(new Date(at), null)).join(" "));
    `;
    const { stdout } = Bun.spawnSync([process.execPath, "-e", program], { env: { ...process.env, TZ: zone } });
    const named = TIMES.map((at) => formatStamp(new Date(at), { value: zone, from: "`CTX_TZ`" }));
    expect(stdout.toString().trim().split(" ")).toEqual(named);
  },
);

test("what names no zone is refused, with where it came from", () => {
  expect(() => formatStamp(new Date(0), { value: "Mars/Base", from: "`CTX_TZ`" })).toThrow(
    '`CTX_TZ` names no time zone: "Mars/Base"',
  );
});
