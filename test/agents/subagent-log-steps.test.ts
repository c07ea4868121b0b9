import { afterEach, beforeEach, expect, test } from "bun:test";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SubagentLogSteps } from "../../src/agents/subagent-log-steps.ts";
import { RecordCursor } from "../../src/system/record-cursor.ts";

let base: string;
let path: string;
let reads: number;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ctx-steps-"));
  path = join(base, "log");
  reads = 0;
});
afterEach(() => rmSync(base, { recursive: true }));

/** Each record consists of the second it was written in; the record `-` has no time. */
function open(...records: string[]): SubagentLogSteps {
  writeFileSync(path, records.map((record) => `${record}\n`).join(""));
  return new SubagentLogSteps(new RecordCursor(path), (bytes) => {
    reads++;
    const text = Buffer.from(bytes).toString();
    return text === "-" ? null : new Date(Number(text) * 1000).toISOString();
  });
}

const take = (records: SubagentLogSteps, second: number) => [...records.take(second * 1000)].map(String);

test("returns the records before a time; a record without a time has that of the record before it", () => {
  const records = open("1", "-", "3", "-");
  expect(take(records, 2)).toEqual(["1", "-"]);
  expect(records.at).toBe(1000);
  expect(take(records, 3)).toEqual([]);
  expect(take(records, 4)).toEqual(["3", "-"]);
});

test("a log without records before a time is not read again, and records appended after its end are not read", () => {
  const records = open("1", "5");
  expect(take(records, 2)).toEqual(["1"]);
  const before = reads;
  for (const second of [2, 3, 4, 5]) expect(take(records, second)).toEqual([]);
  expect(reads).toBe(before);
  expect(take(records, 9)).toEqual(["5"]);
  appendFileSync(path, "6\n");
  expect(take(records, 9)).toEqual([]);
});
