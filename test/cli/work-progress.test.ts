import { expect, test } from "bun:test";
import { progressLine } from "../../src/cli/work-progress.ts";

test.each([
  [0, 200, 5_000, "0/200  Fix cart"],
  [12, 200, 160_000, "12/200  4.5 a minute  about 42 min left  Fix cart"],
  [199, 200, 60_000, "199/200  199 a minute  about 1 s left  Fix cart"],
  [1, 1000, 60_000, "1/1000  1.0 a minute  about 16.6 h left  Fix cart"],
])("%d of %d runs after %d ms", (done, total, elapsedMs, line) => {
  expect(progressLine(done, total, elapsedMs, "Fix cart")).toBe(line);
});
