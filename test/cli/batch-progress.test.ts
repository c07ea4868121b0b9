import { expect, test } from "bun:test";
import { progressLine } from "../../src/cli/batch-progress.ts";

test.each([
  [0, 200, 5_000, "0 of 200 runs  Fix cart"],
  [12, 200, 160_000, "12 of 200 runs  4.5/min  about 42 min left  Fix cart"],
  [199, 200, 60_000, "199 of 200 runs  199/min  about 1 s left  Fix cart"],
  [1, 1000, 60_000, "1 of 1000 runs  1.0/min  about 16.6 h left  Fix cart"],
])("%d of %d runs after %d ms", (done, total, elapsedMs, line) => {
  expect(progressLine(done, total, elapsedMs, "Fix cart")).toBe(line);
});
