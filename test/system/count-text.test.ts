import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { countText } from "../../src/system/count-text.ts";

const CHUNK = 256 * 1024;
const TEXT = '"mark"';
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctx-count-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function count(content: string, { text = TEXT, from = 0, most = 100, name = "log.jsonl" } = {}): Promise<number> {
  const path = join(folder, name);
  await writeFile(path, name.endsWith(".zst") ? zstdCompressSync(content) : content);
  return await countText(path, text, { from }, most);
}

test("a text is found wherever the edge of what is read at once falls", async () => {
  for (let before = CHUNK - TEXT.length - 1; before <= CHUNK + 1; before++) {
    const content = `${"x".repeat(before)}${TEXT}${"x".repeat(before)}${TEXT}`;
    expect(await count(content)).toBe(2);
    expect(await count(content, { name: "log.jsonl.zst" })).toBe(2);
  }
});

test("a text that is not whole, or lies before the range, does not count", async () => {
  expect(await count(`${"x".repeat(CHUNK - 3)}"mar_"mark`)).toBe(0);
  expect(await count(TEXT + TEXT, { from: 1 })).toBe(1);
  expect(await count("")).toBe(0);
});

test("a text of one character is not counted twice", async () => {
  expect(await count(`${"x".repeat(CHUNK - 1)}!${"x".repeat(CHUNK)}`, { text: "!" })).toBe(1);
});

test("no more are counted than are asked for", async () => {
  expect(await count(TEXT.repeat(5), { most: 2 })).toBe(2);
  const filled = TEXT + TEXT + "x".repeat(CHUNK - 2 * TEXT.length - 3);
  expect(await count(filled + TEXT, { most: 2 })).toBe(2);
});
