import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import type { PendingRun } from "../../../src/runs/pending.ts";
import { bindRun } from "../../../src/wrapper/bind.ts";
import { pendingRun } from "../../runs/pending-run.ts";
import { sampleRecord } from "../../runs/sample-record.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, message, meta, T0 } from "./rollout.ts";

const [A, B] = [uuid(T0, 1), uuid(T0, 2)];

let home: Home;
let shop: string;
beforeEach(async () => {
  home = await makeHome();
  shop = join(home.home, "shop");
  await mkdir(shop);
});
afterEach(() => home.remove());

/** A run in the shop that lasted from second 10 to second 60. */
function runOf(more: Partial<PendingRun> = {}): PendingRun {
  return pendingRun(shop, { started_at: at(10), ended_at: at(60), ...more });
}

/** Writes a log that was started in the shop. */
async function writeSession(id: string, second: number, more: Record<string, unknown> = {}): Promise<string> {
  const path = await home.write(id, [
    meta(id, { cwd: shop, timestamp: at(second), ...more }, second),
    message("user", "go", second + 1),
  ]);
  await utimes(path, T0 / 1000 + second + 1, T0 / 1000 + second + 1);
  return path;
}

/** Writes another log of a thread: the one that Codex starts after the person goes back. */
async function writeContinuation(id: string, second: number, own: string): Promise<string> {
  const name = `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${id}_${own}.jsonl`;
  const path = await home.write(id, [meta(id, { cwd: shop, timestamp: at(second) }, second)], name);
  await utimes(path, T0 / 1000 + second + 1, T0 / 1000 + second + 1);
  return path;
}

const bind = (run: PendingRun, others: PendingRun[] = []) =>
  bindRun(run, { env: { CODEX_HOME: home.codex }, home: home.home, others });

test("the log that the process had open is bound, whatever other logs were started", async () => {
  const path = await writeSession(A, 12);
  await writeSession(B, 13);
  expect(await bind(runOf({ logs: [path] }))).toEqual([{ path, rule: "open-file" }]);
});

test("the log of a subagent is not bound", async () => {
  const path = await writeSession(A, 12);
  const agent = await writeSession(B, 20, { parent_thread_id: A, thread_source: "subagent" });
  expect(await bind(runOf({ logs: [path, agent] }))).toEqual([{ path, rule: "open-file" }]);
});

test("two logs that the process had open are both bound", async () => {
  const [first, second] = [await writeSession(A, 12), await writeSession(B, 30)];
  expect(await bind(runOf({ logs: [first, second] }))).toHaveLength(2);
});

test("a resumed session is bound by its id, whether its log was open or not", async () => {
  const path = await writeSession(A, -500_000);
  await writeSession(B, 12);
  const run = runOf({ resume: { id: A } });
  expect(await bind(run)).toEqual([{ path, rule: "resumed" }]);
  expect(await bind({ ...run, logs: [path] })).toEqual([{ path, rule: "resumed" }]);
});

test("without an open log, the only session started in the folder during the run is bound", async () => {
  const path = await writeSession(A, 30);
  await writeSession(B, 5);
  await writeSession(uuid(T0, 3), 61);
  await writeSession(uuid(T0, 4), 20, { cwd: home.home });
  expect(await bind(runOf())).toEqual([{ path, rule: "new-file" }]);
});

test("all logs of a thread are bound after the person goes back, whether they were open or not", async () => {
  const [first, second] = [await writeSession(A, 12), await writeContinuation(A, 40, B)];
  expect(await bind(runOf())).toEqual([
    { path: first, rule: "new-file" },
    { path: second, rule: "new-file" },
  ]);
  // A run that was launched later is bound to neither log.
  expect(await bind(runOf({ started_at: at(39) }), [runOf({ logs: [first, second] })])).toEqual([]);
  const resumed = runOf({ started_at: at(30), resume: { id: A } });
  expect(await bind(resumed)).toEqual([{ path: second, rule: "resumed" }]);
  await utimes(first, T0 / 1000 + 35, T0 / 1000 + 35);
  const both = [
    { path: first, rule: "resumed" as const },
    { path: second, rule: "resumed" as const },
  ];
  expect(await bind(resumed)).toEqual(both);
  expect(await bind({ ...resumed, logs: [first, second] })).toEqual(both);
});

test("two threads are ambiguous, also when one of them has two logs", async () => {
  await writeSession(A, 11);
  await writeSession(B, 12);
  await writeContinuation(A, 40, uuid(T0, 3));
  await expect(bind(runOf())).rejects.toThrow("the run may belong to session");
});

test("several sessions started at the screen are all bound when no other Codex was running", async () => {
  const screen = { originator: "codex-tui" };
  const first = await writeSession(A, 12, screen);
  const second = await writeSession(B, 30, screen);
  await writeSession(uuid(T0, 3), 31, { originator: "codex_exec" });
  const both = [
    { path: first, rule: "new-file" as const },
    { path: second, rule: "new-file" as const },
  ];
  expect(await bind(runOf({ alone: true }))).toEqual(both);
  await expect(bind(runOf())).rejects.toThrow("the run may belong to session");
  // The second session may belong to another run that was launched just before it started.
  expect(await bind(runOf({ alone: true }), [runOf({ started_at: at(29) })])).toEqual(both.slice(0, 1));
  // A resumed session comes before the sessions started after it.
  const old = uuid(T0, 4);
  const resumed = await writeSession(old, -500_000);
  const run = runOf({ alone: true, resume: { id: old } });
  expect(await bind(run)).toEqual([{ path: resumed, rule: "resumed" }, ...both]);
  expect(await bind({ ...run, alone: false })).toEqual([{ path: resumed, rule: "resumed" }]);
  expect(await bind({ ...run, logs: [resumed] })).toEqual([{ path: resumed, rule: "resumed" }]);
});

test("a run without a session has no log", async () => {
  await writeSession(A, 5);
  expect(await bind(runOf())).toEqual([]);
});

test("several new sessions are ambiguous", async () => {
  await writeSession(A, 12);
  await writeSession(B, 13);
  await expect(bind(runOf())).rejects.toThrow(`${A} or ${B}`);
});

test("a log that another run had open is not bound", async () => {
  const path = await writeSession(A, 12);
  const other = await writeSession(B, 13);
  expect(await bind(runOf(), [runOf({ logs: [other] })])).toEqual([{ path, rule: "new-file" }]);
});

test("each of two overlapping runs has the session started after its launch", async () => {
  const [first, second] = [await writeSession(A, 11), await writeSession(B, 31)];
  const [early, late] = [runOf(), runOf({ started_at: at(30), ended_at: null })];
  expect(await bind(early, [late])).toEqual([{ path: first, rule: "new-file" }]);
  expect(await bind(late, [early])).toEqual([{ path: second, rule: "new-file" }]);
});

test("one session and two runs launched together are ambiguous", async () => {
  await writeSession(A, 12);
  await expect(bind(runOf(), [runOf({ started_at: at(11) })])).rejects.toThrow("the run may belong to session");
});

test("a session that was already exported is not bound", async () => {
  await writeSession(A, 12);
  const path = await writeSession(B, 20);
  const directory = join(shop, ".codex/sessions/there");
  await mkdir(directory, { recursive: true });
  appendExportRecord(directory, sampleRecord({ session_id: A }));
  expect(await bind(runOf())).toEqual([{ path, rule: "new-file" }]);
});
