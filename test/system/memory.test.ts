import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../src/system/spawn.ts";

const PROGRAM = join(import.meta.dir, "programs/read-long.ts");
const RECORDS = 90_000;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctx-garbage-"));
  const record = JSON.stringify({ text: "x".repeat(900), list: [1, 2, 3] });
  await writeFile(join(folder, "log.jsonl"), `${record}\n`.repeat(RECORDS));
});
afterAll(() => rm(folder, { recursive: true }));

/** Reads a log of 80 MB, of which so many records at a time are held on to. */
async function readHolding(records: number): Promise<{ most: number; collections: number }> {
  const { stdout } = await run([process.execPath, PROGRAM, join(folder, "log.jsonl"), String(records)]);
  return JSON.parse(stdout);
}

test("what was let go of does not pile up", async () => {
  const { most } = await readHolding(14_000);
  // 57 MB, and from 83 MB on where it is left to the engine.
  expect(most).toBeLessThan(75_000_000);
});

test("what is all alive is not gone through again and again", async () => {
  const { collections } = await readHolding(RECORDS);
  expect(collections).toBeGreaterThan(0);
  expect(collections).toBeLessThanOrEqual(8);
});
