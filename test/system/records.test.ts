import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { HEAD_BYTES, type RecordVisitor } from "../../src/system/record-visitor.ts";
import { readFirstRecords, type ScanResult, scanLastRecords, scanRecords } from "../../src/system/records.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "records-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Found extends ScanResult {
  records: [text: string, offset: number, end: number][];
}

async function scan(path: string, range = {}, more: Partial<RecordVisitor> = {}): Promise<Found> {
  const records: Found["records"] = [];
  const result = await scanRecords(path, range, {
    record(bytes, offset, end) {
      records.push([bytes.toString(), offset, end]);
      return true;
    },
    ...more,
  });
  return { ...result, records };
}

/** Writes a file plain and compressed. */
async function both(name: string, text: string | Uint8Array): Promise<string[]> {
  const bytes = Buffer.from(text);
  const plain = join(dir, `${name}.jsonl`);
  await writeFile(plain, bytes);
  await writeFile(`${plain}.zst`, zstdCompressSync(bytes));
  return [plain, `${plain}.zst`];
}

describe("scanRecords", () => {
  test("waits for drain after each chunk", async () => {
    for (const path of await both("drain", `${"x".repeat(999)}\n`.repeat(3_000))) {
      let met = 0;
      let isDraining = false;
      await scan(
        path,
        {},
        {
          record: () => {
            expect(isDraining).toBe(false);
            met++;
            return true;
          },
          drain: async () => {
            const before = met;
            isDraining = true;
            // Long enough for another record to be visited if the scan did not wait for `drain`.
            await Bun.sleep(1);
            isDraining = false;
            expect(met).toBe(before);
          },
        },
      );
      expect(met).toBe(3_000);
    }
  });

  test("visits complete records with their offsets", async () => {
    for (const path of await both("whole", "one\ntwo\nthree\n")) {
      expect(await scan(path)).toEqual({
        records: [
          ["one", 0, 4],
          ["two", 4, 8],
          ["three", 8, 14],
        ],
        end: 14,
        torn: 0,
        size: 14,
      });
    }
  });

  test("leaves an incomplete last line for the next scan", async () => {
    for (const path of await both("torn", 'one\n{"a":')) {
      expect(await scan(path)).toMatchObject({ records: [["one", 0, 4]], end: 4, torn: 5, size: 9 });
    }
  });

  test("splits on LF only, not on U+2028, U+2029 or CR", async () => {
    const record = '{"text":"a\u2028b\u2029c\rd"}';
    for (const path of await both("separators", `${record}\n${record}\n`)) {
      expect((await scan(path)).records.map(([text]) => text)).toEqual([record, record]);
    }
  });

  test("skips empty lines and counts their bytes", async () => {
    for (const path of await both("empty", "\n\none\n\ntwo\n")) {
      expect((await scan(path)).records).toEqual([
        ["one", 2, 6],
        ["two", 7, 11],
      ]);
    }
  });

  test("reads only the given range", async () => {
    for (const path of await both("range", "one\ntwo\nthree\nfour\n")) {
      expect(await scan(path, { from: 4, to: 14 })).toMatchObject({
        records: [
          ["two", 4, 8],
          ["three", 8, 14],
        ],
        end: 14,
        torn: 0,
      });
      expect(await scan(path, { from: 4, to: 10 })).toMatchObject({ records: [["two", 4, 8]], end: 8, torn: 2 });
      expect(await scan(path, { from: 19 })).toMatchObject({ records: [], end: 19, torn: 0 });
    }
  });

  test("reads records that are longer than a chunk", async () => {
    const long = "x".repeat(700_000);
    const after = `${"é".repeat(200_000)}!`;
    for (const path of await both("long", `a\n${long}\n${after}\nz\n`)) {
      expect((await scan(path)).records.map(([text]) => text)).toEqual(["a", long, after, "z"]);
    }
  });

  test("calls `wants` once for each record, with its first bytes, and skips records that are not wanted", async () => {
    const long = "b".repeat(600_000);
    for (const path of await both("wants", `a\n${long}\nc\n`)) {
      const heads: [number, number][] = [];
      const found = await scan(
        path,
        {},
        {
          wants(head, offset) {
            heads.push([head.length, offset]);
            return head[0] !== "b";
          },
        },
      );
      expect(heads).toEqual([
        [1, 0],
        [HEAD_BYTES, 2],
        [1, 600_003],
      ]);
      expect(found.records.map(([text]) => text)).toEqual(["a", "c"]);
    }
  });

  test("does not treat the rest of an incomplete record as a record", async () => {
    const [path = ""] = await both("boundary", `${"x".repeat(256 * 1024 - 1)}\n${"y".repeat(10)}\n`);
    expect((await scan(path)).records.map(([text]) => text.length)).toEqual([256 * 1024 - 1, 10]);
  });

  test("names a damaged compressed file", async () => {
    const path = join(dir, "damaged.jsonl.zst");
    await writeFile(path, "this is no zstd frame at all");
    await expect(scan(path)).rejects.toThrow("damaged.jsonl.zst` is damaged");
  });

  test("an error of the visitor ends the scan", async () => {
    for (const path of await both("throws", "one\n")) {
      const record = () => {
        throw new Error("enough");
      };
      await expect(scan(path, {}, { record })).rejects.toThrow("enough");
    }
  });
});

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
    return { record: (bytes: Buffer) => found.push(bytes.toString()) > 0 };
  };
  await scanLastRecords(path, range, attempt, () => found.length >= count);
  return { found, attempts };
}

test("readFirstRecords reads a first record of any length", async () => {
  const long = `{"text":"${"m".repeat(299_989)}"}`;
  for (const name of ["first.jsonl", "first.jsonl.zst"]) {
    const [first] = await readFirstRecords(await write(name, `${long}\nrest\n`));
    expect(first?.length).toBe(300_000);
  }
});

test("readFirstRecords finds none in an empty or incomplete file", async () => {
  expect(await readFirstRecords(await write("none.jsonl", ""))).toEqual([]);
  expect(await readFirstRecords(await write("torn.jsonl", '{"torn":'))).toEqual([]);
});

test("scanLastRecords finds the last records", async () => {
  const text = Array.from({ length: 50_000 }, (_, index) => `record ${index}\n`).join("");
  for (const name of ["last.jsonl", "last.jsonl.zst"]) {
    const { found } = await last(await write(name, text), 3);
    expect(found.at(-1)).toBe("record 49999");
    expect(found.length).toBeGreaterThanOrEqual(3);
    // No partial record.
    expect(found.every((record) => /^record \d+$/.test(record))).toBe(true);
  }
});

test("scanLastRecords starts further back until there is enough", async () => {
  const path = await write("wide.jsonl", `first\n${"x".repeat(200_000)}\n`);
  expect(await last(path, 2)).toMatchObject({ found: ["first", "x".repeat(200_000)], attempts: 2 });
});

test("scanLastRecords stays within its range", async () => {
  const path = await write("range.jsonl", "one\ntwo\nthree\nfour\n");
  expect(await last(path, 9, { from: 4, to: 14 })).toMatchObject({ found: ["two", "three"] });
});

describe("a damaged line", () => {
  const OPENING = '{"id":';
  const record = (id: number, text = "") => JSON.stringify({ id, text });
  const cut = (id: number, text = "cut off here") => record(id, text).slice(0, -5);

  /** The ids of the records, and the offsets of damaged lines. `wanted`: which records are needed. */
  async function read(text: string, wanted = (_: string) => true) {
    const results = [];
    for (const path of await both("damaged", text)) {
      const ids: number[] = [];
      const damaged: number[] = [];
      const { end } = await scanRecords(
        path,
        {},
        {
          opening: OPENING,
          wants: wanted,
          record(bytes) {
            try {
              ids.push(JSON.parse(bytes.toString()).id);
              return true;
            } catch {
              return false;
            }
          },
          damaged: (offset) => damaged.push(offset),
        },
      );
      expect(end).toBe(Buffer.byteLength(text));
      results.push({ ids, damaged });
    }
    expect(results[0]).toEqual(results[1] ?? { ids: [], damaged: [] });
    return results[0];
  }

  test("yields its whole records, and is counted if something else is in it", async () => {
    const first = `${record(1)}\n`;
    expect(await read(`${first}${record(2)}${record(3)}\n`)).toEqual({ ids: [1, 2, 3], damaged: [] });
    expect(await read(`${first}${cut(2)}${record(3)}\n`)).toEqual({ ids: [1, 3], damaged: [first.length] });
    expect(await read(`${first}${"\0".repeat(600_000)}${record(3)}\n`)).toEqual({
      ids: [1, 3],
      damaged: [first.length],
    });
    expect(await read(`${first}${cut(2)}\n${record(3)}\n`)).toEqual({ ids: [1, 3], damaged: [first.length] });
  });

  test("yields a needed record behind the beginning of one that is not needed, however long", async () => {
    const isNeeded = (head: string) => !head.startsWith('{"id":9');
    for (const text of ["cut", "x".repeat(300_000), "x".repeat(12_000_000)]) {
      const line = cut(9, `${text}     `);
      expect(await read(`${line}${record(1)}\n${record(2)}\n`, isNeeded)).toEqual({ ids: [1, 2], damaged: [0] });
      expect(await read(`${record(9, text)}\n${record(2)}\n`, isNeeded)).toEqual({ ids: [2], damaged: [] });
      const nested = JSON.stringify({ id: 9, text, inner: { id: 3 } });
      expect(await read(`${nested}\n${record(2)}\n`, isNeeded)).toEqual({ ids: [2], damaged: [] });
    }
  });

  test("yields a record whose opening spans two chunks", async () => {
    const isNeeded = (head: string) => !head.startsWith('{"id":9');
    for (let shift = 0; shift < OPENING.length; shift++) {
      const line = `{"id":9,"text":"`.padEnd(256 * 1024 - shift, "x");
      expect(await read(`${line}${record(1)}\n`, isNeeded)).toEqual({ ids: [1], damaged: [0] });
    }
  });

  test("yields a record behind a very long one that was cut off", async () => {
    expect(await read(`${cut(1, "x".repeat(12_000_000))}${record(2)}\n`)).toEqual({ ids: [2], damaged: [0] });
  });
});
