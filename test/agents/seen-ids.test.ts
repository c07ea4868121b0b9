import { expect, test } from "bun:test";
import { SeenIds } from "../../src/agents/seen-ids.ts";

test("recognizes an id among a hundred thousand others, and takes no other id for it", () => {
  const seen = new SeenIds();
  for (let n = 0; n < 100_000; n++) expect(seen.isNew(`id ${n}`)).toBe(true);
  for (let n = 0; n < 100_000; n++) expect(seen.isNew(`id ${n}`)).toBe(false);
});

test("forgets only ids that are followed by many others", () => {
  const seen = new SeenIds();
  const add = (from: number, to: number) => {
    for (let n = from; n < to; n++) seen.isNew(`id ${n}`);
  };
  add(0, 400_000);
  expect(seen.isNew("id 399999")).toBe(false);
  expect(seen.isNew("id 260000")).toBe(false);
  expect(seen.isNew("id 0")).toBe(true);
});
