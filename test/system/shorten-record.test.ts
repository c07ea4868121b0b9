import { describe, expect, test } from "bun:test";
import { RecordShortener } from "../../src/system/shorten-record.ts";
import { Random, SEED } from "../seeded-random.ts";

const MEGABYTE = 1_000_000;

/** The record after it was read in pieces of a size. */
function shorten(text: string, size = 256 * 1024): { bytes: Buffer; isTooLong: boolean } {
  const shortener = new RecordShortener();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) shortener.push(bytes.subarray(at, at + size));
  return { bytes: shortener.finish(), isTooLong: shortener.isTooLong };
}

const shortened = (value: unknown, size?: number) => JSON.parse(shorten(JSON.stringify(value), size).bytes.toString());

test("a record of a few megabytes stays as it is", () => {
  const value = { type: "x", image: "A".repeat(7 * MEGABYTE), list: [1, { a: ['é\\"\n'] }, null, true], end: 1 };
  for (const size of [1, 7, 1000]) expect(shortened({ ...value, image: "A" }, size)).toEqual({ ...value, image: "A" });
  expect(shortened(value)).toEqual(value);
});

describe("of a long string the beginning and the end remain", () => {
  test.each([
    ["plain", "x"],
    ["escaped", '\\"\n'],
    ["multi-byte", "é€𝄞"],
    ["control characters", "\u0001\u001f"],
    ["backslashes", "\\"],
  ])("%s", (_, part) => {
    const text = `first${part.repeat((10 * MEGABYTE) / part.length)}last`;
    const { before, long, after } = shortened({ before: [1], long: text, after: { b: 2 } });
    expect({ before, after }).toEqual({ before: [1], after: { b: 2 } });
    expect(long.startsWith("first")).toBe(true);
    expect(long).toMatch(/\n\[… \d+ bytes omitted …\]\n/);
    expect(long).not.toContain("\ufffd");
    expect(long.length).toBeLessThan(MEGABYTE);
    if (part !== "\\") expect(long.endsWith("last")).toBe(true);
  });

  test(`wherever the pieces end (seed ${SEED})`, () => {
    const text = JSON.stringify({ a: `${'\\"é'.repeat(3 * MEGABYTE)}last`, b: 'c"' });
    const random = new Random(SEED);
    const shortener = new RecordShortener();
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random.below(100_000);
      shortener.push(bytes.subarray(at, at + size));
      at += size;
    }
    const { a, b } = JSON.parse(shortener.finish().toString());
    expect(a.endsWith("last")).toBe(true);
    expect(b).toBe('c"');
  });
});

test("of a long list the first elements remain, and what follows the list", () => {
  const lines = Array.from({ length: 500_000 }, (_, index) => `line ${index}`);
  const found = shortened({ patch: { files: [{ lines, name: "lost" }], more: 1 }, type: "x", end: ["e"] });
  expect(found.patch.files[0].lines.slice(0, 2)).toEqual(["line 0", "line 1"]);
  expect(found.patch.files[0].lines.length).toBeLessThan(250_000);
  expect(found).toMatchObject({ type: "x", end: ["e"] });
});

test("a record that consists of structure alone is too long", () => {
  expect(shorten(`{"a":${"[".repeat(2 * MEGABYTE)}`).isTooLong).toBe(true);
  expect(shorten(`{${'"a":1,'.repeat(MEGABYTE)}"b":1}`).isTooLong).toBe(true);
});
