import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentTime, DeletionTimes } from "../../../src/evidence/files/file-times.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "file-times-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the time of a deletion", () => {
  const LATER = new Date(Date.now() + 3_600_000);

  test("is that of the nearest folder that still exists", async () => {
    await mkdir(join(root, "a"));
    await utimes(join(root, "a"), LATER, LATER);
    expect(await new DeletionTimes(root).timeOf(join(root, "a/b/gone.js"))).toBe(LATER.getTime());
  });

  test("is unknown where an entry was added to the folder within 20 milliseconds", async () => {
    await writeFile(join(root, "added.js"), "");
    const { ctimeMs } = await stat(join(root, "added.js"));
    const timeAt = async (ms: number) => {
      const time = new Date(Math.floor(ctimeMs) + ms);
      await utimes(root, time, time);
      return (await new DeletionTimes(root).timeOf(join(root, "gone.js"))) !== null;
    };
    expect([await timeAt(-30), await timeAt(-15), await timeAt(15), await timeAt(30)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test("is unknown in a folder of more than 2,000 entries", async () => {
    for (let index = 0; index < 2_001; index++) await writeFile(join(root, `${index}.js`), "");
    await utimes(root, LATER, LATER);
    expect(await new DeletionTimes(root).timeOf(join(root, "gone.js"))).toBeNull();
    await rm(join(root, "0.js"));
    await utimes(root, LATER, LATER);
    expect(await new DeletionTimes(root).timeOf(join(root, "gone.js"))).toBe(LATER.getTime());
  });
});

test("the time of a file's content is its modification time, unless that was copied", async () => {
  const file = join(root, "a.js");
  await writeFile(file, "");
  await utimes(file, 1_000, 1_000);
  const { ctimeMs } = await stat(file);
  expect(await contentTime(file, 1_000_000)).toBe(1_000_000);
  expect(await contentTime(file, 1_000_001)).toBe(ctimeMs);
  expect(await contentTime(join(root, "none.js"), 0)).toBeNull();
});
