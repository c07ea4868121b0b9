import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordCursor } from "../../src/system/record-cursor.ts";
import { readEnd } from "../../src/system/regular-file.ts";

let base: string;
let path: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ctx-cursor-"));
  path = join(base, "records");
});
afterEach(() => rmSync(base, { recursive: true }));

const texts = (cursor: RecordCursor, isTaken = (_: string) => true) =>
  [...cursor.takeWhile((bytes) => isTaken(Buffer.from(bytes).toString()))].map(String);

test("stops at a record that is not accepted, and yields it later", () => {
  writeFileSync(path, "one\ntwo\nthree\n");
  const cursor = new RecordCursor(path);
  expect(texts(cursor, (text) => text !== "two")).toEqual(["one"]);
  expect(texts(cursor)).toEqual(["two", "three"]);
  appendFileSync(path, "four\ntorn");
  expect(texts(cursor)).toEqual(["four"]);
});

test("reads records longer than a chunk, and with a Unicode line separator", () => {
  const long = `${"é".repeat(100_000)}\u2028`;
  writeFileSync(path, `${long}\nshort\n`);
  expect(texts(new RecordCursor(path))).toEqual([long, "short"]);
});

test("continues after the last record taken when the loop is left", () => {
  writeFileSync(path, "one\ntwo\nthree\n");
  const cursor = new RecordCursor(path);
  for (const _ of cursor.takeWhile(() => true)) break;
  expect(texts(cursor)).toEqual(["two", "three"]);
});

test("yields the whole records in a damaged line, and once that something else is in it", () => {
  const [one, two] = ['{"id":1,"text":"one"}', '{"id":2}'];
  writeFileSync(path, `${one}${two}\n${one.slice(0, 12)}${two}\n${"\0".repeat(100_000)}${one}\n`);
  expect(texts(new RecordCursor(path, 0, '{"id":'))).toEqual([one, two, two, "{", one, "{"]);
});

test("a missing file, a folder or a link has no records", () => {
  writeFileSync(path, "one\n");
  symlinkSync(path, join(base, "link"));
  for (const name of ["gone", "link", "."]) {
    expect(texts(new RecordCursor(join(base, name)))).toEqual([]);
    expect(readEnd(join(base, name), 10)).toBeNull();
  }
});

test("readEnd starts at a complete character", () => {
  writeFileSync(path, "aé end");
  expect(readEnd(path, 100)).toBe("aé end");
  expect(readEnd(path, 5)).toBe(" end");
});
