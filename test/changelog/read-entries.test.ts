// Reading files of entries with damaged, truncated and oversized rows.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, runId } from "../../src/changelog/entry.ts";
import { type Changelog, openChangelog, readEntries, readRuns, scanEntries } from "../../src/changelog/store.ts";
import { builtinEntry, sampleEntry, VERSION_1_ROW } from "./sample-entry.ts";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-read-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const row = (change: Partial<Entry> = {}) => JSON.stringify(sampleEntry(change));
const problems = () => readEntries(log.entries).problems.map(({ line, problem }) => `${line}: ${problem}`);
const summaries = () => readEntries(log.entries).entries.map((entry) => entry.summary);

describe("readEntries", () => {
  test("a missing file has no entries", () => {
    expect(readEntries(log.entries)).toEqual({ entries: [], problems: [] });
  });

  test("damage affects only its own line, and is reported by line", () => {
    const good = (n: number) => row({ run_id: runId("codex", "s", n), summary: `good ${n}` });
    const lines = [
      `\uFEFF${good(1)}`,
      VERSION_1_ROW,
      "",
      `${good(2)}\r`,
      `\0\0\0${good(3)}`,
      good(4).slice(0, 100),
      `${good(5).slice(0, 100)}${good(6)}`,
      `${good(7)}${good(8)}`,
      "<<<<<<< HEAD",
      "=======",
      "||||||| base",
      ">>>>>>> branch",
      "[1, 2]",
      "null",
      good(2),
      good(1).replace('"schema_version":2', '"schema_version":9'),
      good(9),
      good(9),
      `${VERSION_1_ROW.slice(0, -20)}${VERSION_1_ROW.replace("Reviewed", "Mended")}`,
      '{"schema_version":2,"run_id":7,"created_at":"2026-11-22T06:20:00.000Z"}',
      '{"schema_version":2,"run_id":"8a3d1e1b0507d234","created_at":"2026-11-22T06:20:00.000Z","summary":"bare"}',
      '{"__proto__":{"schema_version":2}}',
      good(10),
    ];
    writeFileSync(log.entries, lines.join("\n"));
    const expected = [
      "Reviewed the cart",
      "Mended the cart",
      "bare",
      ...[1, 2, 3, 6, 7, 8, 2, 1, 9, 10].map((n) => `good ${n}`),
    ];
    expect(summaries().sort()).toEqual(expected.sort());
    expect(problems()).toEqual([
      "1: a byte order mark",
      "4: a carriage return",
      "5: NUL bytes",
      "6: an incomplete row",
      "7: an incomplete row",
      "8: several rows on one line",
      "9: a merge conflict marker",
      "10: a merge conflict marker",
      "11: a merge conflict marker",
      "12: a merge conflict marker",
      "13: an incomplete row",
      "14: an incomplete row",
      "16: unknown schema_version 9",
      "18: repeats line 17",
      "19: an incomplete row",
      expect.stringMatching(/^20: run_id: /),
      expect.stringMatching(/^21: tool: .*and \d+ more$/),
      expect.stringMatching(/^22: schema_version: /),
    ]);
  });

  test("a file that is cut off anywhere loses at most its last row", () => {
    const rows = [1, 2, 3].map((n) => row({ run_id: runId("codex", "s", n) }));
    const whole = `${rows.join("\n")}\n`;
    for (let length = whole.length; length >= 0; length -= 37) {
      writeFileSync(log.entries, whole);
      truncateSync(log.entries, length);
      const complete = whole
        .slice(0, length)
        .split("\n")
        .filter((line) => rows.includes(line)).length;
      expect(readEntries(log.entries).entries).toHaveLength(complete);
    }
  });

  test("a row that spans several chunks is read whole", () => {
    const long = row({
      notes: "n".repeat(8000),
      touched_files: { ...sampleEntry().touched_files, created: Array(9000).fill("src/some/where/deep/file.ts") },
    });
    expect(long.length).toBeGreaterThan(256 * 1024);
    writeFileSync(
      log.entries,
      `${row({ run_id: runId("codex", "s", 1) })}\n${long}\n${row({ run_id: runId("codex", "s", 2) })}\n`,
    );
    expect(readEntries(log.entries).entries).toHaveLength(3);
    expect(problems()).toEqual([]);
  });

  test("a line that is too long for a row is skipped, and the next one is read", () => {
    writeFileSync(log.entries, `${"x".repeat(9 * 1024 * 1024)}\n${row()}\n`);
    expect(problems()).toEqual(["1: too long for a row"]);
    expect(summaries()).toHaveLength(1);
  });

  test("what is not a regular file is rejected without waiting for it", () => {
    const refused: [make: (path: string) => void, message: string][] = [
      [(path) => mkdirSync(path), "it is not a regular file"],
      [(path) => symlinkSync("/dev/zero", path), "it is a symbolic link"],
      [(path) => Bun.spawnSync(["mkfifo", path]), "it is not a regular file"],
    ];
    for (const [make, message] of refused) {
      make(log.entries);
      expect(() => readEntries(log.entries)).toThrow(`cannot read \`${log.entries}\`: ${message}`);
      rmSync(log.entries, { recursive: true });
    }
  });
});

test("scanEntries passes each row with its line number", () => {
  writeFileSync(log.entries, `\n${row()}\nhalf\n${row({ summary: "two" })}`);
  const seen: [number, string][] = [];
  scanEntries(log.entries, { entry: (entry, line) => seen.push([line, entry.summary]) });
  expect(seen).toEqual([
    [2, "Fixed the cart's total"],
    [4, "two"],
  ]);
});

test("readRuns returns the best row of each run, and the problems", () => {
  const late = "2026-11-23T00:00:00.000Z";
  const [first, second] = [runId("codex", "s", 1), runId("codex", "s", 2)];
  const rows = [
    row({ run_id: second, start: late, summary: "second" }),
    JSON.stringify(builtinEntry({ run_id: first, created_at: late, summary: "facts" })),
    row({ run_id: first, summary: "told" }),
    row({ run_id: first, summary: "told" }).slice(9),
    row({ run_id: first, summary: "told better", created_at: late }),
  ];
  writeFileSync(log.entries, rows.join("\n"));
  const { entries, problems: found } = readRuns(log.entries);
  expect(entries.map((entry) => entry.summary)).toEqual(["told better", "second"]);
  expect(found).toEqual([{ line: 4, problem: "an incomplete row" }]);
  expect(readEntries(log.entries).entries).toHaveLength(4);
});
