import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, constants, mkdirSync, mkdtempSync, readSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRegular } from "../../src/system/regular-file.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-regular-"));
  file = join(dir, "rows.jsonl");
});
afterEach(() => rmSync(dir, { recursive: true }));

const read = () => openRegular(file, constants.O_RDONLY, "read");

test("opens a file", () => {
  writeFileSync(file, "rows");
  const fd = read();
  expect(readSync(fd, new Uint8Array(9))).toBe(4);
  closeSync(fd);
});

test("throws ENOENT for a missing file", () => {
  expect(read).toThrow("ENOENT");
});

test("refuses a folder", () => {
  mkdirSync(file);
  expect(read).toThrow(`cannot read \`${file}\`: it is not a regular file`);
});

// Windows has no named pipes in folders.
test.if(process.platform !== "win32")("refuses a pipe without waiting for a writer", () => {
  Bun.spawnSync(["mkfifo", file]);
  expect(read).toThrow("it is not a regular file");
});

test("refuses a symbolic link, even to a file", () => {
  writeFileSync(join(dir, "other"), "rows");
  symlinkSync(join(dir, "other"), file);
  expect(read).toThrow("ELOOP");
});
