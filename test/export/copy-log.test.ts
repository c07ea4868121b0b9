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
import { basename, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import type { SessionHead } from "../../src/agents/session-head.ts";
import { copyLog } from "../../src/export/copy-log.ts";
import { encode, event, meta, T0 } from "../agents/codex/rollout.ts";
import { makeHome, uuid } from "../sessions/logs.ts";

const HEAD: SessionHead = {
  ...{ tool: "codex", sessionId: uuid(T0), version: null, startedAt: null, cwd: null, forkedFrom: null, parent: null },
  git: { commit: null, branch: null, repositoryUrl: null },
};

let base: string;
let log: string;
let directory: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "ctx-copy-"));
  log = join(base, "rollout.jsonl");
  directory = join(base, "session");
  mkdirSync(directory);
  writeFileSync(log, "one\ntwo\n");
});
afterEach(() => rmSync(base, { recursive: true }));

const copied = (name: string) => readFileSync(join(directory, name), "utf8");

test("only the owner can read the copy of a log", async () => {
  const copy = await copyLog(log, HEAD, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\n");
  expect(statSync(copy).mode & 0o777).toBe(0o600);
});

test("only what was appended to a log is copied", async () => {
  const copy = await copyLog(log, HEAD, directory);
  const { ino } = statSync(copy);
  appendFileSync(log, "three\n");
  await copyLog(log, HEAD, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\nthree\n");
  expect(statSync(copy).ino).toBe(ino);
});

test("a copy that a crash left incomplete is completed", async () => {
  writeFileSync(join(directory, "rollout.jsonl"), "one\ntw");
  await copyLog(log, HEAD, directory);
  expect(copied("rollout.jsonl")).toBe("one\ntwo\n");
});

test.each([
  ["rewritten", "ONE\ntwo\nthree\n"],
  ["cut short", "one\n"],
])("the copy of a log from before it was %s is kept", async (_, content) => {
  await copyLog(log, HEAD, directory);
  writeFileSync(log, content);
  await copyLog(log, HEAD, directory);
  expect([copied("rollout.jsonl"), copied("rollout.jsonl.1")]).toEqual([content, "one\ntwo\n"]);
  writeFileSync(log, "");
  await copyLog(log, HEAD, directory);
  expect(copied("rollout.jsonl.2")).toBe(content);
});

test("a log that was compressed and decompressed has one copy", async () => {
  await copyLog(log, HEAD, directory);
  rmSync(log);
  writeFileSync(`${log}.zst`, zstdCompressSync("one\ntwo\n"));
  await copyLog(`${log}.zst`, HEAD, directory);
  expect(readdirSync(directory)).toEqual(["rollout.jsonl.zst"]);
  writeFileSync(log, "one\ntwo\nthree\n");
  await copyLog(log, HEAD, directory);
  expect(readdirSync(directory)).toEqual(["rollout.jsonl"]);
});

test("the logs of subagents are copied with it, and what is appended to them", async () => {
  const home = await makeHome();
  const [session, subagent] = [uuid(T0, 1), uuid(T0 + 1_000, 2)];
  const source = { subagent: { thread_spawn: { parent_thread_id: session } } };
  const own = await home.write(session, [meta(session)]);
  const beside = await home.write(subagent, [meta(subagent, { source })]);
  await home.write(uuid(T0 + 2_000, 3), [meta(uuid(T0 + 2_000, 3))]);
  const head = { ...HEAD, sessionId: session };
  await copyLog(own, head, directory);
  appendFileSync(beside, encode(event("task_complete")));
  await copyLog(own, head, directory);
  expect(readdirSync(directory, { recursive: true }).sort()).toEqual([
    basename(own),
    "subagents",
    join("subagents", basename(beside)),
  ]);
  expect(copied(join("subagents", basename(beside)))).toBe(readFileSync(beside, "utf8"));
  await home.remove();
});
