import { afterAll, beforeAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { hashPrefix } from "../../src/system/prefix-hash.ts";
import { Random } from "../seeded-random.ts";

const MIB = 1024 * 1024;
const bytes = new Random(1).bytes(5 * MIB);
const sha256 = (...parts: Uint8Array[]) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctx-prefix-"));
  path = join(folder, "log.jsonl");
  await writeFile(path, bytes);
  await writeFile(`${path}.zst`, zstdCompressSync(bytes));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([0, 7, MIB / 2, MIB - 1, MIB])("a prefix of %d bytes is hashed whole", async (size) => {
  expect(await hashPrefix(path, size)).toBe(sha256(bytes.subarray(0, size)));
});

test("of a long prefix both ends are hashed", async () => {
  const position = 4 * MIB + 3;
  const expected = sha256(bytes.subarray(0, MIB / 2), bytes.subarray(position - MIB / 2, position));
  expect(await hashPrefix(path, position)).toBe(expected);
});

test("a compressed log has the hash of what is in it", async () => {
  for (const position of [0, 300_000, 3 * MIB, 5 * MIB]) {
    expect(await hashPrefix(`${path}.zst`, position)).toBe(await hashPrefix(path, position));
  }
});

test("what a log gained or lost before the position changes its hash", async () => {
  const other = join(folder, "other.jsonl");
  const position = 4 * MIB;
  const before = await hashPrefix(path, position);
  for (const at of [0, MIB / 2, 2 * MIB, position - 1]) {
    await writeFile(other, Buffer.concat([bytes.subarray(0, at), Buffer.from("\n"), bytes.subarray(at)]));
    expect(await hashPrefix(other, position)).not.toBe(before);
  }
});

test("a log that became shorter has none", async () => {
  const short = join(folder, "short.jsonl");
  await writeFile(short, bytes);
  await truncate(short, 3 * MIB);
  expect(await hashPrefix(short, 3 * MIB)).not.toBeNull();
  for (const position of [3 * MIB + 1, 5 * MIB]) expect(await hashPrefix(short, position)).toBeNull();
  await truncate(short, 0);
  expect(await hashPrefix(short, 10)).toBeNull();
});
