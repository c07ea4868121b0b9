import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import type { PendingRun } from "../../../src/runs/pending.ts";
import { bindRun } from "../../../src/wrapper/bind.ts";
import { pendingRun } from "../../runs/pending-run.ts";
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

/** A run in the shop, launched at second 10 and over at second 60. */
function runOf(more: Partial<PendingRun> = {}): PendingRun {
  return pendingRun(shop, { started_at: at(10), ended_at: at(60), ...more });
}

/** A log that began in the shop. */
async function begin(id: string, second: number, more: Record<string, unknown> = {}): Promise<string> {
  const path = await home.write(id, [
    meta(id, { cwd: shop, timestamp: at(second), ...more }, second),
    message("user", "go", second + 1),
  ]);
  await utimes(path, T0 / 1000 + second + 1, T0 / 1000 + second + 1);
  return path;
}

/** Another log of a session, which begins where the person went back to. */
async function goBack(id: string, second: number, own: string): Promise<string> {
  const name = `sessions/2026/11/22/rollout-2026-11-22T06-00-00-${id}_${own}.jsonl`;
  const path = await home.write(id, [meta(id, { cwd: shop, timestamp: at(second) }, second)], name);
  await utimes(path, T0 / 1000 + second + 1, T0 / 1000 + second + 1);
  return path;
}

const bind = (run: PendingRun, others: PendingRun[] = []) =>
  bindRun(run, { env: { CODEX_HOME: home.codex }, home: home.home, others });

test("what the tool was seen to write is its log, whatever else began here", async () => {
  const path = await begin(A, 12);
  await begin(B, 13);
  expect(await bind(runOf({ logs: [path] }))).toEqual([{ path, rule: "open-file" }]);
});

test("a subagent's log is no session of its own", async () => {
  const path = await begin(A, 12);
  const agent = await begin(B, 20, { parent_thread_id: A, thread_source: "subagent" });
  expect(await bind(runOf({ logs: [path, agent] }))).toEqual([{ path, rule: "open-file" }]);
});

test("a run that moved on to another session has both", async () => {
  const [first, second] = [await begin(A, 12), await begin(B, 30)];
  expect(await bind(runOf({ logs: [first, second] }))).toHaveLength(2);
});

test("the resumed session is known by its id, seen or not", async () => {
  const path = await begin(A, -500_000);
  await begin(B, 12);
  const run = runOf({ resume: { id: A } });
  expect(await bind(run)).toEqual([{ path, rule: "resumed" }]);
  expect(await bind({ ...run, logs: [path] })).toEqual([{ path, rule: "resumed" }]);
});

test("unseen, the only session that began here meanwhile is the one", async () => {
  const path = await begin(A, 30);
  await begin(B, 5);
  await begin(uuid(T0, 3), 61);
  await begin(uuid(T0, 4), 20, { cwd: home.home });
  expect(await bind(runOf())).toEqual([{ path, rule: "new-file" }]);
});

test("a person who goes back has several logs of one session, seen or not", async () => {
  const [first, second] = [await begin(A, 12), await goBack(A, 40, B)];
  expect(await bind(runOf())).toEqual([
    { path: first, rule: "new-file" },
    { path: second, rule: "new-file" },
  ]);
  // The run that was launched later has neither.
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

test("two that began together are no coin toss either where one of them went back", async () => {
  await begin(A, 11);
  await begin(B, 12);
  await goBack(A, 40, uuid(T0, 3));
  await expect(bind(runOf())).rejects.toThrow("the run may be session");
});

test("several that began at one screen are all the run's, where nobody else was there", async () => {
  const screen = { originator: "codex-tui" };
  const first = await begin(A, 12, screen);
  const second = await begin(B, 30, screen);
  await begin(uuid(T0, 3), 31, { originator: "codex_exec" });
  const both = [
    { path: first, rule: "new-file" as const },
    { path: second, rule: "new-file" as const },
  ];
  expect(await bind(runOf({ alone: true }))).toEqual(both);
  await expect(bind(runOf())).rejects.toThrow("the run may be session");
  // Another run that was launched when the second one began may have it.
  expect(await bind(runOf({ alone: true }), [runOf({ started_at: at(29) })])).toEqual(both.slice(0, 1));
  // One that was gone on with comes before those that were begun after it.
  const old = uuid(T0, 4);
  const resumed = await begin(old, -500_000);
  const run = runOf({ alone: true, resume: { id: old } });
  expect(await bind(run)).toEqual([{ path: resumed, rule: "resumed" }, ...both]);
  expect(await bind({ ...run, alone: false })).toEqual([{ path: resumed, rule: "resumed" }]);
  expect(await bind({ ...run, logs: [resumed] })).toEqual([{ path: resumed, rule: "resumed" }]);
});

test("a tool that was opened and closed has no log", async () => {
  await begin(A, 5);
  expect(await bind(runOf())).toEqual([]);
});

test("several that began here are no coin toss", async () => {
  await begin(A, 12);
  await begin(B, 13);
  await expect(bind(runOf())).rejects.toThrow(`${A} or ${B}`);
});

test("a log that another run was seen to write is not ours", async () => {
  const path = await begin(A, 12);
  const other = await begin(B, 13);
  expect(await bind(runOf(), [runOf({ logs: [other] })])).toEqual([{ path, rule: "new-file" }]);
});

test("of two runs that overlap each has the session that began after its own launch", async () => {
  const [first, second] = [await begin(A, 11), await begin(B, 31)];
  const [early, late] = [runOf(), runOf({ started_at: at(30), ended_at: null })];
  expect(await bind(early, [late])).toEqual([{ path: first, rule: "new-file" }]);
  expect(await bind(late, [early])).toEqual([{ path: second, rule: "new-file" }]);
});

test("two runs launched together and one session: neither takes it", async () => {
  await begin(A, 12);
  await expect(bind(runOf(), [runOf({ started_at: at(11) })])).rejects.toThrow("the run may be session");
});

test("a session that was exported already is somebody else's", async () => {
  await begin(A, 12);
  const path = await begin(B, 20);
  const directory = join(shop, ".codex/sessions/there");
  await mkdir(directory, { recursive: true });
  appendExportRecord(directory, {
    ...({ schema_version: 2, run_id: "0123456789abcdef", created_at: at(50), tool: "codex", session_id: A } as const),
    ...{ label: "x", start: null, end: null, from: 0, to: 1, prefix_hash: null, end_hash: null },
    ...{ first_at: null, last_at: null, records: 1, unparsable: 0, unknown: {} },
    ...({ changelog: { status: "off", evaluator: null }, continuation_of_run_id: null } as const),
  });
  expect(await bind(runOf())).toEqual([{ path, rule: "new-file" }]);
});
