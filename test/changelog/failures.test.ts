import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendFailure } from "../../src/changelog/failures.ts";
import { type Changelog, openChangelog } from "../../src/changelog/store.ts";
import { sampleFailure } from "./sample-failure.ts";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-failures-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const failure = sampleFailure();

test("a failure is one row", () => {
  appendFailure(log, failure);
  expect(readFileSync(log.failures, "utf8")).toBe(`${JSON.stringify(failure)}\n`);
});

test("long texts are cut: the start of the message and the end of standard error are kept", () => {
  appendFailure(log, { ...failure, message: `a${"x".repeat(9000)}`, stderr_tail: `${"x".repeat(9000)}z` });
  const { message, stderr_tail } = JSON.parse(readFileSync(log.failures, "utf8"));
  expect([message.length, message[0], stderr_tail.length, stderr_tail.at(-1)]).toEqual([2000, "a", 4000, "z"]);
});

test("a failure of an unknown class is not written", () => {
  const wrong = { ...failure, class: "bad luck" as "other" };
  expect(() => appendFailure(log, wrong)).toThrow("class: ");
  expect(existsSync(log.failures)).toBe(false);
});
