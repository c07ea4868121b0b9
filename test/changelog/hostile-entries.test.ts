// Entries with hostile or oversized values.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendFailure } from "../../src/changelog/failures.ts";
import { appendEntry, type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { appendExportRecord } from "../../src/runs/export-records.ts";
import { sampleRecord } from "../runs/sample-record.ts";
import { sampleEntry } from "./sample-entry.ts";
import { sampleFailure } from "./sample-failure.ts";

const LONG = "x".repeat(10 * 1024 * 1024);
const NASTY = `a\0\u001b[31m\r\n\t\u0085\u2028\u2029\uFEFF\u202E\u007f"\\{"schema_version":2}`;

let root: string;
let log: Changelog;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "ctx-hostile-"));
  log = openChangelog(root, "ada");
  await appendEntry(log, sampleEntry());
  appendFailure(log, sampleFailure());
  appendExportRecord(root, sampleRecord());
});
afterEach(() => rmSync(root, { recursive: true }));

const other = { run_id: "00112233445566ff" };
const sample = sampleEntry(other);
/** Changes an entry in a way that its type does not allow. */
const changed = (change: object) => ({ ...sampleEntry(other), ...change });
/** An own key of that name, which only a parser creates. */
const withProto = (value: object) => JSON.parse(JSON.stringify(value).replace(/\}$/, ',"__proto__":{"admin":true}}'));

describe("a rejected entry does not change the file", () => {
  const rejected: [what: string, entry: typeof sample][] = [
    ["an unknown key", changed({ host: "laptop" })],
    ["`__proto__` as a key", withProto(sample)],
    ["`__proto__` as a nested key", changed({ evaluator: withProto(sample.evaluator) })],
    ["another version", changed({ schema_version: 3 })],
    ["an id in capitals", changed({ run_id: "00112233445566FF" })],
    ["an id with a line feed", changed({ run_id: "00112233445566ff\n" })],
    ["an actor that is a path", changed({ actor: "../ada" })],
    ["a 10 MB session id", changed({ session_id: LONG })],
    ["an empty session id", changed({ session_id: "" })],
    ["a 10 MB project", changed({ project: LONG })],
    ["a 10 MB model", changed({ evaluator: { ...sample.evaluator, model: LONG } })],
    ["an unknown tool", changed({ tool: "vim" })],
    ["an invalid time", changed({ created_at: "yesterday" })],
    ["a time with an offset", changed({ created_at: "2026-11-22T06:20:00.000+00:00" })],
    ["a day that does not exist", changed({ created_at: "2026-02-30T06:20:00.000Z" })],
    ["a count that is not a number", changed({ redactions: Number.NaN })],
    ["an infinite count", changed({ redactions: Number.POSITIVE_INFINITY })],
    ["a negative count", changed({ redactions: -1 })],
    ["half a token", changed({ evaluator: { ...sample.evaluator, input_tokens: 0.5 } })],
    ["a duration that is not a number", changed({ evaluator: { ...sample.evaluator, duration_ms: Number.NaN } })],
    ["a number instead of a text", changed({ project: 1 })],
    ["an invalid hash", changed({ commits: [{ hash: "--upload-pack=x", message: "m" }] })],
    ["an unknown result", changed({ tests: [{ cmd: "npm test", result: "maybe" }] })],
    ["an empty path", changed({ touched_files: { ...sample.touched_files, created: [""] } })],
    ["a missing count", changed({ redactions: undefined })],
  ];
  test.each(rejected)("%s", async (_, entry) => {
    const before = readFileSync(log.entries);
    await expect(appendEntry(log, entry)).rejects.toThrow("invalid entry: ");
    expect(readFileSync(log.entries)).toEqual(before);
  });

  test("a rejected failure or export record does not either", () => {
    const files = [log.failures, join(root, "export_runs.jsonl")];
    const before = files.map((file) => readFileSync(file));
    expect(() => appendFailure(log, sampleFailure({ session_id: LONG }))).toThrow("invalid failure record: ");
    expect(() => appendFailure(log, withProto(sampleFailure()))).toThrow("invalid failure record: ");
    expect(() => appendExportRecord(root, sampleRecord({ records: Number.NaN }))).toThrow("invalid export record: ");
    expect(() => appendExportRecord(root, sampleRecord({ unknown: { x: -1 } }))).toThrow("invalid export record: ");
    expect(() => appendExportRecord(root, withProto(sampleRecord()))).toThrow("invalid export record: ");
    expect(files.map((file) => readFileSync(file))).toEqual(before);
  });
});

describe("an entry with unusual texts is one row, and is read as it was written", () => {
  const odd: [what: string, change: Partial<typeof sample>, stored?: Partial<typeof sample>][] = [
    ["control characters and line breaks", { summary: NASTY, bullets: [NASTY], tags: [NASTY], notes: NASTY }],
    ["half a surrogate pair", { summary: "\ud83d", bullets: ["\ude00 \ud800"] }],
    ["control characters in names", { commits: [{ hash: "b56f337", message: NASTY }], session_id: NASTY }],
    ["`__proto__` as text", { label: "__proto__", tags: ["__proto__", "constructor"] }],
    [
      "a day that does not exist",
      { start: "2026-02-30T06:20:00Z", end: "+099999-01-01T00:00:00Z" },
      { start: null, end: null },
    ],
    [
      "a path in a path",
      { session_dir: "C:/Users/x./home/a@b.co/home/ada" },
      { session_dir: "~/home/[REDACTED:email]~" },
    ],
  ];
  test.each(odd)("%s", async (_, change, stored = change) => {
    expect(await appendEntry(log, sampleEntry({ ...other, ...change }))).toBe("appended");
    expect(readFileSync(log.entries, "utf8").split("\n")).toHaveLength(3);
    const { entries, problems } = readEntries(log.entries);
    expect(problems).toEqual([]);
    expect(entries[1]).toEqual({ ...sampleEntry(other), ...stored });
  });

  test("10 MB of text is cut", async () => {
    const tests = [{ cmd: LONG, result: "pass" as const }];
    const change = { ...other, label: LONG, summary: LONG, bullets: [LONG], notes: LONG, tests };
    expect(await appendEntry(log, sampleEntry(change))).toBe("appended");
    expect(readFileSync(log.entries).length).toBeLessThan(50_000);
    expect(readEntries(log.entries).problems).toEqual([]);
  });

  test("lists that are too long for a row are cut, and the notes say so", async () => {
    const created = Array.from({ length: 10_000 }, (_, i) => `${i}/${"deep/".repeat(400)}`);
    const entry = sampleEntry({ ...other, touched_files: { ...sample.touched_files, created } });
    expect(await appendEntry(log, entry)).toBe("appended");
    const { entries, problems } = readEntries(log.entries);
    expect(problems).toEqual([]);
    expect(entries[1]?.touched_files.created).toHaveLength(2500);
    expect(entries[1]?.notes).toBe("created files: the first 2500 of 10000 are listed");
  });
});
