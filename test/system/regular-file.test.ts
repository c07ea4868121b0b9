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

test("a file is opened", () => {
  writeFileSync(file, "rows");
  const fd = read();
  expect(readSync(fd, new Uint8Array(9))).toBe(4);
  closeSync(fd);
});

test("a missing file is left to the caller", () => {
  expect(read).toThrow("ENOENT");
});

test("a folder is refused", () => {
  mkdirSync(file);
  expect(read).toThrow(`cannot read \`${file}\`: it is not a regular file`);
});

test.if(process.platform !== "win32")("a pipe without a writer is refused, not waited for", () => {
  Bun.spawnSync(["mkfifo", file]);
  expect(read).toThrow("it is not a regular file");
});

test("a link is refused, also one to a file", () => {
  writeFileSync(join(dir, "other"), "rows");
  symlinkSync(join(dir, "other"), file);
  expect(read).toThrow("ELOOP");
});
