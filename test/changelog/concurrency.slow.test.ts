// Sixteen processes that write rows at the same time.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Changelog, openChangelog, readEntries } from "../../src/changelog/store.ts";
import { readExportRecords } from "../../src/runs/export-records.ts";

const PROCESSES = 16;

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-concurrency-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

/** Runs a worker in several processes at once and returns the lines of their output. */
async function together(worker: string, argumentsOf: (process: number) => string[]): Promise<string[]> {
  const program = join(import.meta.dir, "workers", worker);
  const children = Array.from({ length: PROCESSES }, (_, i) =>
    Bun.spawn([process.execPath, program, root, ...argumentsOf(i)], { stdout: "pipe" }),
  );
  const said = await Promise.all(children.map((child) => child.stdout.text()));
  expect(await Promise.all(children.map((child) => child.exited))).toEqual(children.map(() => 0));
  return said.join("").split("\n").filter(Boolean);
}

test("16 processes × 100 runs: 1,600 valid rows, none torn or repeated", async () => {
  await together("append-entries.ts", (i) => ["s", String(i * 100), "100"]);
  const { entries, problems } = readEntries(log.entries);
  expect(problems).toEqual([]);
  expect(entries).toHaveLength(1600);
  expect(new Set(entries.map((entry) => entry.run_id)).size).toBe(1600);
  expect(readFileSync(log.entries, "utf8").split("\n")).toHaveLength(1601);
  expect(readdirSync(log.directory)).toEqual(["entries.jsonl"]);
}, 60_000);

test("16 processes with the same 100 runs: each run is recorded once, by one process", async () => {
  const said = await together("append-entries.ts", () => ["s", "0", "100"]);
  expect(said.filter((line) => line.endsWith(" appended"))).toHaveLength(100);
  expect(said.filter((line) => line.endsWith(" exists"))).toHaveLength(1500);
  const { entries, problems } = readEntries(log.entries);
  expect(problems).toEqual([]);
  expect(entries).toHaveLength(100);
  expect(new Set(entries.map((entry) => entry.run_id)).size).toBe(100);
}, 60_000);

test("failures and export records of 16 processes are whole lines, each once", async () => {
  await together("append-records.ts", (i) => [String(i), "50"]);
  const ids = Array.from({ length: PROCESSES * 50 }, (_, i) => i);
  // A process that sees half a line of another process first writes a line feed, which can leave an empty line.
  const failures = readFileSync(log.failures, "utf8").split("\n").filter(Boolean);
  expect(failures.map((line) => Number(JSON.parse(line).session_id)).sort((a, b) => a - b)).toEqual(ids);
  const { records, problems } = readExportRecords(root);
  expect(problems).toEqual([]);
  expect(records.map((run) => Number(run.session_id)).sort((a, b) => a - b)).toEqual(ids);
}, 60_000);
