import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { readFirstRecords, scanLastRecords } from "../../src/system/records.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "record-edges-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function write(name: string, text: string): Promise<string> {
  const path = join(dir, name);
  await writeFile(path, name.endsWith(".zst") ? zstdCompressSync(text) : text);
  return path;
}

async function last(path: string, count: number, range = {}): Promise<{ found: string[]; attempts: number }> {
  let found: string[] = [];
  let attempts = 0;
  const attempt = () => {
    found = [];
    attempts += 1;
    return { record: (bytes: Uint8Array) => void found.push(new TextDecoder().decode(bytes)) };
  };
  await scanLastRecords(path, range, attempt, () => found.length >= count);
  return { found, attempts };
}

test("the first record is read whole, however long it is", async () => {
  const long = "m".repeat(300_000);
  for (const name of ["first.jsonl", "first.jsonl.zst"]) {
    const [first] = await readFirstRecords(await write(name, `${long}\nrest\n`));
    expect(first?.length).toBe(300_000);
  }
});

test("a file without a whole record has no first one", async () => {
  expect(await readFirstRecords(await write("none.jsonl", ""))).toEqual([]);
  expect(await readFirstRecords(await write("torn.jsonl", '{"torn":'))).toEqual([]);
});

test("the last records are found from the end", async () => {
  const text = Array.from({ length: 50_000 }, (_, index) => `record ${index}\n`).join("");
  for (const name of ["last.jsonl", "last.jsonl.zst"]) {
    const { found } = await last(await write(name, text), 3);
    expect(found.at(-1)).toBe("record 49999");
    expect(found.length).toBeGreaterThanOrEqual(3);
    // What was cut in two is no record.
    expect(found.every((record) => /^record \d+$/.test(record))).toBe(true);
  }
});

test("the search widens until there is enough", async () => {
  const path = await write("wide.jsonl", `first\n${"x".repeat(200_000)}\n`);
  expect(await last(path, 2)).toMatchObject({ found: ["first", "x".repeat(200_000)], attempts: 2 });
});

test("the search stays within its range", async () => {
  const path = await write("range.jsonl", "one\ntwo\nthree\nfour\n");
  expect(await last(path, 9, { from: 4, to: 14 })).toMatchObject({ found: ["two", "three"] });
});
