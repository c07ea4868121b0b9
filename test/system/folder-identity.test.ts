import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderIdentity, isSameFolder, spellingOf } from "../../src/system/folder-identity.ts";

let base: string;
beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "identity-")));
  await mkdir(join(base, "shop/src"), { recursive: true });
  await mkdir(join(base, "other"));
  await writeFile(join(base, "file"), "");
  // A link stands for the second spelling of a folder: a test cannot mount one.
  await symlink(join(base, "shop"), join(base, "SHOP"));
});
afterAll(() => rm(base, { recursive: true, force: true }));

test("two spellings of a folder are one folder", () => {
  expect(isSameFolder(join(base, "shop"), join(base, "SHOP"))).toBe(true);
  expect(isSameFolder(join(base, "shop"), join(base, "other"))).toBe(false);
});

test("missing folders and files have no identity, and are only what they are called", () => {
  expect(folderIdentity(join(base, "missing"))).toBeNull();
  expect(folderIdentity(join(base, "file"))).toBeNull();
  expect(isSameFolder(join(base, "missing"), join(base, "missing"))).toBe(true);
  expect(isSameFolder(join(base, "missing"), join(base, "gone"))).toBe(false);
});

test("a path spells the folder that contains it its own way", () => {
  expect(spellingOf(join(base, "shop"), join(base, "SHOP/src"))).toBe(join(base, "SHOP"));
  expect(spellingOf(join(base, "shop"), join(base, "SHOP/src/missing"))).toBe(join(base, "SHOP"));
  expect(spellingOf(join(base, "shop"), join(base, "other"))).toBeNull();
});
