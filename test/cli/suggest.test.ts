import { expect, test } from "bun:test";
import { damerauDistance, suggest } from "../../src/cli/suggest.ts";

test.each([
  ["", "", 0],
  ["label", "label", 0],
  ["lable", "label", 1],
  ["labl", "label", 1],
  ["labels", "label", 1],
  ["lebel", "label", 1],
  ["", "cwd", 3],
  ["kitten", "sitting", 3],
])("%p and %p are %d apart", (a, b, distance) => {
  expect(damerauDistance(a, b)).toBe(distance);
  expect(damerauDistance(b, a)).toBe(distance);
});

test("suggests the nearest candidate, and the first of equally near ones", () => {
  expect(suggest("strat", ["end", "start", "state"], 0.4)).toBe("start");
});

test("suggests nothing when nothing is near", () => {
  expect(suggest("toString", ["find-source", "export-latest"], 0.25)).toBeUndefined();
});

test("accepts one mistake even in a short word", () => {
  expect(suggest("cdw", ["cwd"], 0.1)).toBe("cwd");
  expect(suggest("xyz", ["cwd"], 0.1)).toBeUndefined();
});

test("a lower tolerance suggests less", () => {
  expect(suggest("fond-sorces", ["find-source"], 0.4)).toBe("find-source");
  expect(suggest("fond-sorces", ["find-source"], 0.25)).toBeUndefined();
});
