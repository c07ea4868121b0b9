import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { countText, hashPrefix } from "../../src/system/chunks.ts";
import { Random } from "../seeded-random.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctx-chunks-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("countText", () => {
  const CHUNK = 256 * 1024;
  const TEXT = '"mark"';

  async function count(
    content: string,
    { text = TEXT, from = 0, most = 100, name = "log.jsonl" } = {},
  ): Promise<number> {
    const path = join(folder, name);
    await writeFile(path, name.endsWith(".zst") ? zstdCompressSync(content) : content);
    return await countText(path, text, { from }, most);
  }

  test("finds a text that spans two chunks", async () => {
    for (let before = CHUNK - TEXT.length - 1; before <= CHUNK + 1; before++) {
      const content = `${"x".repeat(before)}${TEXT}${"x".repeat(before)}${TEXT}`;
      expect(await count(content)).toBe(2);
      expect(await count(content, { name: "log.jsonl.zst" })).toBe(2);
    }
  });

  test("ignores incomplete occurrences and those before the range", async () => {
    expect(await count(`${"x".repeat(CHUNK - 3)}"mar_"mark`)).toBe(0);
    expect(await count(TEXT + TEXT, { from: 1 })).toBe(1);
    expect(await count("")).toBe(0);
  });

  test("counts a text of one character once", async () => {
    expect(await count(`${"x".repeat(CHUNK - 1)}!${"x".repeat(CHUNK)}`, { text: "!" })).toBe(1);
  });

  test("stops at the maximum", async () => {
    expect(await count(TEXT.repeat(5), { most: 2 })).toBe(2);
    const filled = TEXT + TEXT + "x".repeat(CHUNK - 2 * TEXT.length - 3);
    expect(await count(filled + TEXT, { most: 2 })).toBe(2);
  });
});

describe("hashPrefix", () => {
  const MIB = 1024 * 1024;
  const bytes = new Random(1).bytes(5 * MIB);
  const sha256 = (...parts: Uint8Array[]) => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  };

  let path: string;
  beforeAll(async () => {
    path = join(folder, "log.jsonl");
    await writeFile(path, bytes);
    await writeFile(`${path}.zst`, zstdCompressSync(bytes));
  });
  test.each([0, 7, MIB / 2, MIB - 1, MIB])("hashes all of a prefix of %d bytes", async (size) => {
    expect(await hashPrefix(path, size)).toBe(sha256(bytes.subarray(0, size)));
  });

  test("hashes both ends of a long prefix", async () => {
    const position = 4 * MIB + 3;
    const expected = sha256(bytes.subarray(0, MIB / 2), bytes.subarray(position - MIB / 2, position));
    expect(await hashPrefix(path, position)).toBe(expected);
  });

  test("hashes the content of a compressed file", async () => {
    for (const position of [0, 300_000, 3 * MIB, 5 * MIB]) {
      expect(await hashPrefix(`${path}.zst`, position)).toBe(await hashPrefix(path, position));
    }
  });

  test("an insertion anywhere before the position changes the hash", async () => {
    const other = join(folder, "other.jsonl");
    const position = 4 * MIB;
    const before = await hashPrefix(path, position);
    for (const at of [0, MIB / 2, 2 * MIB, position - 1]) {
      await writeFile(other, Buffer.concat([bytes.subarray(0, at), Buffer.from("\n"), bytes.subarray(at)]));
      expect(await hashPrefix(other, position)).not.toBe(before);
    }
  });

  test("is null for a file shorter than the position", async () => {
    const short = join(folder, "short.jsonl");
    await writeFile(short, bytes);
    await truncate(short, 3 * MIB);
    expect(await hashPrefix(short, 3 * MIB)).not.toBeNull();
    for (const position of [3 * MIB + 1, 5 * MIB]) expect(await hashPrefix(short, position)).toBeNull();
    await truncate(short, 0);
    expect(await hashPrefix(short, 10)).toBeNull();
  });
});
