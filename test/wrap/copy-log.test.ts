import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { LogRef } from "../../src/sessions/read.ts";
import { copyLog } from "../../src/wrap/copy-log.ts";

let base: string;
let log: string;
let directory: string;
let codex: LogRef;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ctx-copy-"));
  log = join(base, "rollout.jsonl");
  codex = { tool: "codex", path: log };
  directory = join(base, "session");
  mkdirSync(directory);
  writeFileSync(log, "one\ntwo\n");
});
afterEach(() => rmSync(base, { recursive: true }));

const copied = (name: string) => readFileSync(join(directory, name), "utf8");

test("a log is copied for its owner alone", async () => {
  const copy = await copyLog(codex, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\n");
  expect(statSync(copy).mode & 0o777).toBe(0o600);
});

test("of a grown log only what it gained is copied", async () => {
  const copy = await copyLog(codex, directory);
  const { ino } = statSync(copy);
  appendFileSync(log, "three\n");
  await copyLog(codex, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\nthree\n");
  expect(statSync(copy).ino).toBe(ino);
});

test("a copy that a crash cut short is completed", async () => {
  writeFileSync(join(directory, "rollout.jsonl"), "one\ntw");
  await copyLog(codex, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\n");
});

test.each([
  ["rewritten", "ONE\ntwo\nthree\n"],
  ["cut short", "one\n"],
])("what a log held before it was %s is kept", async (_, content) => {
  await copyLog(codex, directory);
  writeFileSync(log, content);
  await copyLog(codex, directory);
  expect([copied("rollout.jsonl"), copied("rollout.jsonl.1")]).toEqual([content, "one\ntwo\n"]);
  writeFileSync(log, "");
  await copyLog(codex, directory);
  expect(copied("rollout.jsonl.2")).toBe(content);
});

test("a log that was packed and unpacked again leaves one copy", async () => {
  await copyLog(codex, directory);
  rmSync(log);
  writeFileSync(`${log}.zst`, zstdCompressSync("one\ntwo\n"));
  await copyLog({ tool: "codex", path: `${log}.zst` }, directory);
  expect(readdirSync(directory)).toEqual(["rollout.jsonl.zst"]);
  writeFileSync(log, "one\ntwo\nthree\n");
  await copyLog(codex, directory);
  expect(readdirSync(directory)).toEqual(["rollout.jsonl"]);
});
