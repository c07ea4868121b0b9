// Reading rows of schema version 1.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendEntry, type Changelog, isRecorded, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { foldEntries } from "../../src/changelog/stored-entry.ts";
import { sampleEntry } from "./sample-entry.ts";

/** Rows of version 1 from two clones; one of the rows violates the schema of version 1. */
const FIXTURE = join(import.meta.dir, "../fixtures/changelog/version-1.jsonl");

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-version-1-"));
  log = openChangelog(root, "ada");
  copyFileSync(FIXTURE, log.entries);
});
afterEach(() => rmSync(root, { recursive: true }));

const read = () => readEntries(log.entries);

test("every row is read without a problem", () => {
  const { entries, problems } = read();
  expect(problems).toEqual([]);
  expect(entries.map(({ schema_version, summary }) => `${schema_version}: ${summary}`)).toEqual([
    "1: Round the cart's total once, at the end",
    "1: Round the cart's total once, at the end",
    "1: Resumed the cart fix",
    "1: Renamed the cart's fields",
    "1: Odd but whole",
  ]);
});

test("absolute paths become relative to the project, in whatever clone they were written", () => {
  const directory = ".codex/sessions/2026-01-04-0207_Fix_cart";
  for (const entry of read().entries.slice(0, 2)) {
    expect(entry).toMatchObject({
      session_dir: directory,
      transcript: {
        output_dir: directory,
        index_html: `${directory}/index.html`,
        source_jsonl: `${directory}/rollout-2026-01-04T02-07-18-01a201e4-cb84-7a11-a7c6-963cd916f631.jsonl`,
        source_match_json: `${directory}/source_match.json`,
      },
      touched_files: {
        created: ["test/cart.test.js"],
        modified: ["src/cart.js", "package.json"],
        moved: [{ from: "src/money.js", to: "src/price.js" }],
      },
    });
  }
  const deleted = read().entries.flatMap((entry) => entry.touched_files.deleted);
  expect(deleted).toEqual(["~/scratch/old.js", "~/scratch/old.js"]);
});

test("readers get no home folder and no address", () => {
  expect(readFileSync(FIXTURE, "utf8")).toMatch(/\/home\/|\/Users\/|@example/);
  expect(JSON.stringify(read().entries)).not.toMatch(/\/home\/|\/Users\/|@example/);
});

test("times are converted to UTC", () => {
  const times = read().entries.map(({ created_at, start, end }) => [created_at, start, end]);
  expect(times.slice(1, 4)).toEqual([
    ["2026-01-04T10:17:01.096Z", "2026-01-04T10:07:18.024Z", "2026-01-04T10:16:00.000Z"],
    ["2026-01-05T09:31:00.123Z", "2026-01-05T09:00:00.000Z", "2026-01-05T09:30:12.500Z"],
    ["2026-02-01T06:30:00.000Z", "2026-02-01T06:30:00.000Z", "2026-02-01T07:15:00.000Z"],
  ]);
});

test("the valid values of a row that breaks its schema are kept", () => {
  expect(read().entries.at(-1)).toMatchObject({
    label: "",
    bullets: ["kept", "kept too"],
    tags: [],
    touched_files: { created: ["a.js"], modified: [], deleted: [], moved: [] },
    tests: [{ cmd: "make check", result: "unknown" }],
    commits: [],
    evaluator: null,
  });
});

test("new rows are appended, and the existing ones are not changed", async () => {
  expect(await appendEntry(log, sampleEntry())).toBe("appended");
  expect(readFileSync(log.entries, "utf8")).toBe(`${readFileSync(FIXTURE, "utf8")}${JSON.stringify(sampleEntry())}\n`);
  expect(foldEntries(read().entries).map((entry) => entry.schema_version)).toEqual([1, 1, 1, 1, 1, 2]);
});

test("a run of version 1 counts as evaluated", () => {
  const [first] = read().entries;
  expect(isRecorded(log, first?.run_id ?? "", "evaluated")).toBe(true);
});
