import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Entry } from "../../src/changelog/entry.ts";
import { type Changelog, openChangelog } from "../../src/changelog/store.ts";
import { RecordedRuns } from "../../src/runs/recorded-entries.ts";
import type { RunDescription } from "../../src/runs/run-description.ts";
import { builtinEntry, sampleEntry } from "../changelog/sample-entry.ts";

const VERSION_1 = join(import.meta.dir, "../fixtures/changelog/version-1.jsonl");

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-recorded-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

/** A run whose position is in an export record. */
function placed(runId: string): RunDescription {
  const hashes = { prefixHash: null, endHash: null, continuationOf: null, firstAt: null, lastAt: null };
  return described({ position: { runId, from: 0, to: 1, ...hashes } });
}

function described(change: Partial<RunDescription>): RunDescription {
  return {
    directory: join(root, ".codex/sessions/2026-11-22-0613_Fix_cart"),
    log: null,
    tool: "codex",
    sessionId: null,
    label: "",
    start: null,
    end: null,
    position: null,
    existingRunId: null,
    hasWindow: true,
    isEmpty: false,
    ...change,
  };
}

function write(...entries: Entry[]) {
  appendFileSync(log.entries, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
}

const find = (run: RunDescription) => RecordedRuns.read(root, [run]).find(run);
const { run_id, session_id, end } = sampleEntry();

test("a run is found by its id whoever its actor is, and its evaluated row is preferred", () => {
  write(builtinEntry(), sampleEntry(), builtinEntry());
  expect(find(placed(run_id))).toEqual({ runId: run_id, path: log.entries, actor: "ada", isEvaluated: true });
  expect(find(placed("0".repeat(16)))).toBeNull();
  appendFileSync(openChangelog(root, "grace").entries, `${JSON.stringify(builtinEntry({ run_id: "1".repeat(16) }))}\n`);
  expect(find(placed("1".repeat(16)))?.isEvaluated).toBe(false);
});

test("joined, torn, spaced and reordered rows are found too", () => {
  const other = sampleEntry({ run_id: "2".repeat(16) });
  appendFileSync(log.entries, `{"schema_version":2,"run_id":"3333${JSON.stringify(other)}\n`);
  appendFileSync(log.entries, `${JSON.stringify({ unknown: "first", ...sampleEntry() })}\n`);
  appendFileSync(
    log.entries,
    ` ${JSON.stringify(sampleEntry({ run_id: "4".repeat(16) }), null, 1).replaceAll("\n", " ")}\n`,
  );
  for (const id of ["2".repeat(16), run_id, "4".repeat(16)]) expect(find(placed(id))?.runId).toBe(id);
});

test("a run without a position is found by its session and its end", () => {
  write(sampleEntry({ label: `"session_id":"x"` }));
  const sessionId = session_id.toUpperCase().toLowerCase();
  expect(find(described({ sessionId, end }))?.runId).toBe(run_id);
  expect(find(described({ sessionId, end: "2026-11-22T06:19:01.000Z" }))).toBeNull();
  expect(find(described({ sessionId: "01a201e4-cb84-7a11-a7c6-963cd916f632", end }))).toBeNull();
});

test("a run of version 1 is found by its id, by session and end, and by its directory", () => {
  copyFileSync(VERSION_1, log.entries);
  const sessionId = "01a201e4-cb84-7a11-a7c6-963cd916f631";
  expect(find(described({ existingRunId: "d6face8568a8a7e5" }))?.isEvaluated).toBe(true);
  expect(find(described({ sessionId, end: "2026-01-05T09:30:12.500Z" }))?.runId).toBe("ffb42dde95df615f");
  const directory = "/elsewhere/.codex/sessions/2026-01-05-0100";
  expect(find(described({ directory, hasWindow: false }))?.runId).toBe("ffb42dde95df615f");
  expect(find(described({ directory, end: "2026-01-05T09:30:12.500Z" }))?.runId).toBe("ffb42dde95df615f");
  expect(find(described({ directory, end: "2026-01-05T10:30:12.500Z" }))).toBeNull();
  expect(find(described({ directory, tool: "claude", hasWindow: false }))).toBeNull();
});

test.each([".changelog", ".changelog/actors/ada"])("entries of version 1 in `%s` are found", (folder) => {
  mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(VERSION_1, join(root, folder, "entries.jsonl"));
  expect(find(described({ existingRunId: "d6face8568a8a7e5" }))?.isEvaluated).toBe(true);
});
