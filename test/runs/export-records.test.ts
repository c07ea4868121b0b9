import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendExportRecord, readExportRecords, readRecordsOfSession } from "../../src/runs/export-records.ts";
import { sampleRecord, VERSION_1_RECORD } from "./sample-record.ts";

let dir: string;
let file: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-runs-"));
  file = join(dir, "export_runs.jsonl");
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("export records", () => {
  test("a directory without the file has no records", () => {
    expect(readExportRecords(dir)).toEqual({ records: [], problems: [] });
    expect(readExportRecords(join(dir, "missing"))).toEqual({ records: [], problems: [] });
  });

  test("records are read in the order in which they were appended", () => {
    appendExportRecord(dir, sampleRecord());
    appendExportRecord(dir, sampleRecord({ from: 100, to: 250 }));
    expect(readExportRecords(dir).records.map(({ from, to }) => [from, to])).toEqual([
      [0, 100],
      [100, 250],
    ]);
  });

  test("an invalid record is not written", () => {
    expect(() => appendExportRecord(dir, sampleRecord({ to: -1 }))).toThrow("to: ");
    expect(() => appendExportRecord(dir, sampleRecord({ end_hash: "short" }))).toThrow("end_hash: expected a SHA-256");
    expect(readExportRecords(dir).records).toEqual([]);
  });

  test("the window is stored in UTC, whatever its format was", () => {
    appendExportRecord(dir, sampleRecord({ start: "2026-11-22T07:13:00+01:00", end: "2026-11-22" }));
    expect(readExportRecords(dir).records).toMatchObject([
      { start: "2026-11-22T06:13:00.000Z", end: "2026-11-22T00:00:00.000Z" },
    ]);
  });

  test("unknown record types are limited in number and length", () => {
    const unknown = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`type-${i}-${"x".repeat(300)}`, i]));
    appendExportRecord(dir, sampleRecord({ unknown }));
    const stored = Object.entries(JSON.parse(readFileSync(file, "utf8")).unknown as Record<string, number>);
    expect(stored).toHaveLength(100);
    expect(stored[0]).toEqual([`type-299-${"x".repeat(300)}`.slice(0, 200), 299]);
  });

  test("records of version 1 have a window and no positions; the file name of the log has the session id", () => {
    writeFileSync(file, `${VERSION_1_RECORD}\n`);
    expect(readExportRecords(dir).records).toMatchObject([
      {
        schema_version: 1,
        run_id: "c2157e415f33ca4a",
        session_id: "01a201e4-cb84-7a11-a7c6-963cd916f631",
        start: "2026-01-04T10:07:18+00:00",
        from: null,
        to: null,
        changelog: { status: "recorded", evaluator: "codex" },
      },
    ]);
  });

  test("the oldest records of version 1 have only a window", () => {
    writeFileSync(file, '{"start": "2026-01-01T00:00:00+00:00", "end": "2026-01-01T01:00:00+00:00"}\n');
    expect(readExportRecords(dir).records).toMatchObject([
      { run_id: null, session_id: null, changelog: { status: "off" } },
    ]);
  });

  test("torn and invalid records do not affect the others", () => {
    appendExportRecord(dir, sampleRecord());
    appendFileSync(file, '{"schema_version":2,"run_id":"c215');
    appendExportRecord(dir, sampleRecord({ from: 100, to: 250 }));
    appendFileSync(file, '{"schema_version":2,"from":"start","to":-3}\n[]\n');
    const { records, problems } = readExportRecords(dir);
    expect(records.map(({ from, to }) => [from, to])).toEqual([
      [0, 100],
      [100, 250],
      [null, null],
    ]);
    expect(problems.map(({ line }) => line)).toEqual([2, 5]);
  });

  test("only the records of the requested session are read", () => {
    appendExportRecord(dir, sampleRecord());
    appendExportRecord(
      dir,
      sampleRecord({ session_id: "another", label: "about 01a201e4-cb84-7a11-a7c6-963cd916f631" }),
    );
    expect(readRecordsOfSession(dir, "another")).toHaveLength(1);
    expect(readRecordsOfSession(dir, "01a201e4-cb84-7a11-a7c6-963cd916f631")).toHaveLength(1);
    expect(readRecordsOfSession(dir, "01a201e4")).toEqual([]);
  });
});
