import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, runId } from "../../src/changelog/entry.ts";
import { type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { foldEntries, readEntry } from "../../src/changelog/stored-entry.ts";
import { builtinEntry, sampleEntry, VERSION_1_ROW } from "./sample-entry.ts";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-fold-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

describe("foldEntries", () => {
  const fold = (...entries: Entry[]) => {
    writeFileSync(log.entries, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
    return foldEntries(readEntries(log.entries).entries);
  };
  const late = "2026-11-23T00:00:00.000Z";

  test("an evaluated row is preferred to a later `builtin` one", () => {
    expect(fold(sampleEntry(), builtinEntry({ created_at: late }))).toMatchObject([{ evaluator: { name: "codex" } }]);
    expect(fold(builtinEntry({ created_at: late }), sampleEntry())).toMatchObject([{ evaluator: { name: "codex" } }]);
  });

  test("a later row is preferred to an earlier one, compared as times", () => {
    const later = sampleEntry({ created_at: late, summary: "later" });
    expect(fold(later, sampleEntry())).toMatchObject([{ summary: "later" }]);
    const old = { ...JSON.parse(VERSION_1_ROW), run_id: later.run_id, created_at: "2026-11-23T02:00:00+03:00" };
    expect(fold(later, old)).toMatchObject([{ summary: "later" }]);
  });

  test("a tie is decided the same way whatever the order is", () => {
    const a = sampleEntry({ summary: "a" });
    const b = sampleEntry({ summary: "b" });
    expect(fold(a, b)).toEqual(fold(b, a));
  });

  test("runs are in the order in which they started, whatever the order of the rows is", () => {
    const runs = [3, 1, 2].map((n) =>
      sampleEntry({ run_id: runId("codex", "s", n), start: `2026-11-22T0${n}:00:00Z`, summary: String(n) }),
    );
    expect(fold(...runs).map((entry) => entry.summary)).toEqual(["1", "2", "3"]);
    expect(fold(...runs.toReversed())).toEqual(fold(...runs));
  });
});

describe("readEntry", () => {
  test("reads a row of version 1", () => {
    const { entry, problem } = readEntry(JSON.parse(VERSION_1_ROW));
    expect(problem).toBeNull();
    expect(entry).toMatchObject({
      schema_version: 1,
      summary: "Reviewed the cart",
      label: "",
      session_id: null,
      evaluator: null,
      redactions: 0,
    });
  });

  test("reads rows with the fields of a later version", () => {
    const commits = [{ hash: "1a2b3c4", message: "feat: b", path: "libs/lib", signed: true }];
    expect(readEntry({ ...sampleEntry(), commits, mood: "good" })).toMatchObject({
      entry: { summary: "Fixed the cart's total", commits: [{ hash: "1a2b3c4", path: "libs/lib" }] },
      problem: null,
    });
  });

  test("reports rows of an unknown version", () => {
    expect(readEntry({ ...sampleEntry(), schema_version: 3 })).toMatchObject({
      entry: { schema_version: 3 },
      problem: "unknown schema_version 3",
    });
  });

  test("omits and reports invalid values without quoting them", () => {
    const { entry, problem } = readEntry({ ...sampleEntry(), tests: "all\u001b[2Jgreen", tags: [1] });
    expect(entry).toMatchObject({ tests: [], tags: [], bullets: ["Rounded once, at the end"] });
    expect(problem).toStartWith("tags.0: ");
    expect(problem).not.toContain("\u001b");
  });

  test("rejects a row without an id or a time", () => {
    expect(readEntry({}).entry).toBeNull();
    expect(readEntry({ ...sampleEntry(), run_id: 7 }).entry).toBeNull();
    expect(readEntry({ ...sampleEntry(), created_at: "yesterday" }).entry).toBeNull();
  });
});
