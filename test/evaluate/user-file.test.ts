import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUserFile } from "../../src/evaluate/user-file.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ctx-user-file-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a settings file is read, also through a link, and a missing one is null", async () => {
  writeFileSync(join(folder, "config.toml"), "x = 1\n");
  symlinkSync("config.toml", join(folder, "link.toml"));
  expect(await readUserFile(join(folder, "config.toml"))).toBe("x = 1\n");
  expect(await readUserFile(join(folder, "link.toml"))).toBe("x = 1\n");
  expect(await readUserFile(join(folder, "missing.toml"))).toBeNull();
});

test("a pipe or a folder in place of the file is an error instead of a wait", async () => {
  Bun.spawnSync(["mkfifo", join(folder, "auth.json")]);
  for (const path of [join(folder, "auth.json"), folder]) {
    expect(readUserFile(path)).rejects.toThrow("it is not a file");
  }
});
