import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendFailure, type FailureRow } from "../../src/changelog/failures.ts";
import { type Changelog, openChangelog } from "../../src/changelog/store.ts";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-failures-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const failure: FailureRow = {
  run_id: "8a3d1e1b0507d234",
  created_at: "2026-11-22T06:20:00.000Z",
  session_id: "01a201e4-cb84-7a11-a7c6-963cd916f631",
  tool: "codex",
  class: "usage_limit",
  message: "You’ve hit your usage limit.",
  stderr_tail: "",
  evaluator: "codex",
  source: "~/.codex/sessions/x.jsonl",
  retry_at: "2026-11-23T02:13:00Z",
};

test("a failure is one line", () => {
  appendFailure(log, failure);
  expect(readFileSync(log.failures, "utf8")).toBe(`${JSON.stringify(failure)}\n`);
});

test("of a long message the beginning is kept, of standard error the end", () => {
  appendFailure(log, { ...failure, message: `a${"x".repeat(9000)}`, stderr_tail: `${"x".repeat(9000)}z` });
  const { message, stderr_tail } = JSON.parse(readFileSync(log.failures, "utf8"));
  expect([message.length, message[0], stderr_tail.length, stderr_tail.at(-1)]).toEqual([2000, "a", 4000, "z"]);
});

test("a failure of an unknown class never lands", () => {
  const wrong = { ...failure, class: "bad luck" as "other" };
  expect(() => appendFailure(log, wrong)).toThrow("class: ");
  expect(existsSync(log.failures)).toBe(false);
});
