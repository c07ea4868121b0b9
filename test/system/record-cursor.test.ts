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

test("records come as they are asked for, and the rest of them later", () => {
  writeFileSync(path, "one\ntwo\nthree\n");
  const cursor = new RecordCursor(path);
  expect(texts(cursor, (text) => text !== "two")).toEqual(["one"]);
  expect(texts(cursor)).toEqual(["two", "three"]);
  appendFileSync(path, "four\ntorn");
  expect(texts(cursor)).toEqual(["four"]);
});

test("a record may be longer than what is read at once, and hold a separator of lines", () => {
  const long = `${"é".repeat(100_000)}\u2028`;
  writeFileSync(path, `${long}\nshort\n`);
  expect(texts(new RecordCursor(path))).toEqual([long, "short"]);
});

test("whoever stops in the middle goes on behind what was taken", () => {
  writeFileSync(path, "one\ntwo\nthree\n");
  const cursor = new RecordCursor(path);
  for (const _ of cursor.takeWhile(() => true)) break;
  expect(texts(cursor)).toEqual(["two", "three"]);
});

test("what is gone, a folder or a link has no records, and no end", () => {
  writeFileSync(path, "one\n");
  symlinkSync(path, join(base, "link"));
  for (const name of ["gone", "link", "."]) {
    expect(texts(new RecordCursor(join(base, name)))).toEqual([]);
    expect(readEnd(join(base, name), 10)).toBeNull();
  }
});

test("the end of a file is whole characters", () => {
  writeFileSync(path, "aé end");
  expect(readEnd(path, 100)).toBe("aé end");
  expect(readEnd(path, 5)).toBe(" end");
});
