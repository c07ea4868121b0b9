import { expect, test } from "bun:test";
import { parseHead } from "../../../src/agents/codex/head.ts";
import type { SessionHead } from "../../../src/agents/session-head.ts";
import { uuid } from "../../sessions/logs.ts";
import { at, CWD, type Fields, message, meta, T0 } from "./rollout.ts";

const headOf = (path: string, ...records: (Fields | string)[]): SessionHead | null =>
  parseHead(
    records.map((record) => new TextEncoder().encode(typeof record === "string" ? record : JSON.stringify(record))),
    path,
  );

const head = (...records: (Fields | string)[]): SessionHead | null => headOf("rollout.jsonl", ...records);

test("a head has the session's id, version, start, directory and git state", () => {
  const git = { commit_hash: "abc", branch: "main", repository_url: "git@example.org:shop.git" };
  expect(head(meta("s1", { git }))).toEqual({
    tool: "codex",
    sessionId: "s1",
    version: "0.154.0",
    startedAt: at(0),
    cwd: CWD,
    git: { commit: "abc", branch: "main", repositoryUrl: "git@example.org:shop.git" },
    forkedFrom: null,
    parent: null,
  });
});

test("a log that continues a thread has its own id in its file name", () => {
  const [thread, own] = [uuid(T0, 1), uuid(T0, 2)];
  const name = (end: string) => `/home/dev/.codex/sessions/2026/11/22/rollout-2026-11-22T06-00-00-${end}.jsonl`;
  expect(headOf(name(`${thread}_${own}`), meta(thread))).toMatchObject({
    sessionId: own,
    thread,
    forkedFrom: thread,
    parent: null,
  });
  expect(headOf(name(thread), meta(thread))).toMatchObject({ sessionId: thread, forkedFrom: null });
  expect(headOf(name(thread), meta(thread))).not.toHaveProperty("thread");
  // A file name that disagrees with the log is ignored.
  expect(headOf(name(`${own}_${uuid(T0, 3)}`), meta(thread))).toMatchObject({ sessionId: thread });
  expect(headOf(name(`${thread}_copy`), meta(thread))).toMatchObject({ sessionId: thread });
});

test("a fork has its own id", () => {
  expect(head(meta("s2", { forked_from_id: "s1" }), meta("s1"))).toMatchObject({
    sessionId: "s2",
    forkedFrom: "s1",
    parent: null,
  });
});

const SPAWN = { subagent: { thread_spawn: { parent_thread_id: "s1", depth: 1 } } };

test.each([
  ["spawned", { session_id: "s1", source: SPAWN }, "s1"],
  ["with a parent", { session_id: "s1", parent_thread_id: "s1", thread_source: "subagent" }, "s1"],
  ["with a root session", { session_id: "s1", thread_source: "subagent" }, "s1"],
  ["a review", { session_id: "s1", source: { subagent: "review" } }, "s1"],
  ["a memory session", { source: { subagent: { other: "memory" } } }, "unknown"],
])("a subagent has a parent: %s", (_name, more, parent) => {
  expect(head(meta("s2", more))).toMatchObject({ sessionId: "s2", parent });
});

test("a session started by a person has no parent", () => {
  expect(head(meta("s1", { session_id: "s1", source: "cli", thread_source: "user" }))).toMatchObject({ parent: null });
});

test("the oldest logs have no envelope, and name the directory in the environment context", () => {
  const bare = { id: "s1", timestamp: at(0), instructions: null, git: { commit_hash: "abc" } };
  const context = (text: string) => ({ type: "message", role: "user", content: [{ type: "input_text", text }] });
  expect(head(bare)).toMatchObject({ sessionId: "s1", startedAt: at(0), cwd: null, version: null });
  const old =
    "<environment_context>\nCurrent working directory: /home/dev/my shop\nApproval policy: never\n</environment_context>";
  expect(head(bare, { record_type: "state" }, context(old))).toMatchObject({ cwd: "/home/dev/my shop" });
  expect(
    head(bare, context("<environment_context>\n  <cwd>/home/dev/shop</cwd>\n</environment_context>")),
  ).toMatchObject({ cwd: CWD });
});

test.each([[""], ["{"], ["[]"], ['{"type":"summary"}'], ['{"sessionId":"x","type":"user"}']])(
  "%p is not a rollout",
  (text) => {
    expect(head(text)).toBeNull();
  },
);

test("a file that begins with another record is not a rollout", () => {
  expect(head(message("user", "hi"), meta("s1"))).toBeNull();
  expect(head()).toBeNull();
});
