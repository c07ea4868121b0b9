import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Entry, runId } from "../../src/changelog/entry.ts";
import { type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { foldEntries } from "../../src/changelog/stored-entry.ts";
import { ANCESTOR_ROW, builtinEntry, sampleEntry } from "./sample-entry.ts";

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

  test("an evaluated row beats a builtin one, however late", () => {
    expect(fold(sampleEntry(), builtinEntry({ created_at: late }))).toMatchObject([{ evaluator: { name: "codex" } }]);
    expect(fold(builtinEntry({ created_at: late }), sampleEntry())).toMatchObject([{ evaluator: { name: "codex" } }]);
  });

  test("a later row beats an earlier one, compared as times", () => {
    const later = sampleEntry({ created_at: late, summary: "later" });
    expect(fold(later, sampleEntry())).toMatchObject([{ summary: "later" }]);
    const old = { ...JSON.parse(ANCESTOR_ROW), run_id: later.run_id, created_at: "2026-11-23T02:00:00+03:00" };
    expect(fold(later, old)).toMatchObject([{ summary: "later" }]);
  });

  test("a tie is decided the same way in every order", () => {
    const a = sampleEntry({ summary: "a" });
    const b = sampleEntry({ summary: "b" });
    expect(fold(a, b)).toEqual(fold(b, a));
  });

  test("runs come in the order they began, whatever a merge made of the file", () => {
    const runs = [3, 1, 2].map((n) =>
      sampleEntry({ run_id: runId("codex", "s", n), start: `2026-11-22T0${n}:00:00Z`, summary: String(n) }),
    );
    expect(fold(...runs).map((entry) => entry.summary)).toEqual(["1", "2", "3"]);
    expect(fold(...runs.toReversed())).toEqual(fold(...runs));
  });
});
