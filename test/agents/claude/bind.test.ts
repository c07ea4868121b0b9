import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import type { PendingRun } from "../../../src/runs/pending.ts";
import { bindRun } from "../../../src/wrapper/bind.ts";
import { pendingRun } from "../../runs/pending-run.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { at, T0 } from "../codex/rollout.ts";
import { logPath, mode, prompt, reply, screenCommand, writeLog } from "./log.ts";

const [A, B, C] = [uuid(T0, 1), uuid(T0, 2), uuid(T0, 3)];

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
  return pendingRun(shop, { tool: "claude", started_at: at(10), ended_at: at(60), ...more });
}

/** A log in which something was asked at these seconds. */
async function write(id: string, seconds: readonly number[], cwd = shop): Promise<string> {
  const records = seconds.flatMap((second) => [prompt(id, cwd, second), reply(id, cwd, second + 1)]);
  const path = logPath(join(home.home, ".claude"), id);
  return await writeLog(path, [mode(id), ...records], (seconds.at(-1) ?? 0) + 1);
}

const bind = (run: PendingRun, others: PendingRun[] = []) => bindRun(run, { env: {}, home: home.home, others });

/** A run that was told to go on, and not with what. */
const continued = (more: Partial<PendingRun> = {}) => runOf({ resume: { id: null }, ...more });

test("the id it was given is its log, whatever else was at work here", async () => {
  const path = await write(A, [12]);
  await write(B, [13]);
  expect(await bind(runOf({ session_id: A }))).toEqual([{ path, rule: "session-id" }]);
});

test("nothing was said under the id it was given: nobody else's log is taken for it", async () => {
  await write(B, [13]);
  expect(await bind(runOf({ session_id: A, sessions: [A] }))).toEqual([]);
});

test("the session that went on is known by its id, and by nothing else", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [13]);
  expect(await bind(runOf({ resume: { id: A } }))).toEqual([{ path, rule: "resumed" }]);
  expect(await bind(runOf({ resume: { id: C } }))).toEqual([]);
});

test("the sessions its process told are bound in their order, each by the best rule", async () => {
  const [first, second] = [await write(A, [12]), await write(B, [30])];
  expect(await bind(runOf({ session_id: A, sessions: [A, B, A] }))).toEqual([
    { path: first, rule: "session-id" },
    { path: second, rule: "process-record" },
  ]);
  // The id it comes up with, before it has read which session goes on.
  expect(await bind(continued({ sessions: [C, B] }))).toEqual([{ path: second, rule: "process-record" }]);
});

test("untold, the only log of the folder that was written to is the one", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [-500]);
  await write(C, [20], home.home);
  expect(await bind(continued())).toEqual([{ path, rule: "resumed" }]);
});

test("untold, a log that began meanwhile is the one", async () => {
  const path = await write(A, [20]);
  expect(await bind(continued({ sessions: [B] }))).toEqual([{ path, rule: "new-file" }]);
});

test("untold, a log in which only the screen was used is none", async () => {
  const path = logPath(join(home.home, ".claude"), A);
  await writeLog(path, [prompt(A, shop, -500), mode(A), screenCommand(A, shop, 20)], 20);
  expect(await bind(continued())).toEqual([]);
});

test("untold, a copy that somebody made of a log is none", async () => {
  const path = await write(A, [-500, 20]);
  await Bun.write(logPath(join(home.home, ".claude"), B), Bun.file(path));
  await utimes(logPath(join(home.home, ".claude"), B), T0 / 1000 + 30, T0 / 1000 + 30);
  expect(await bind(continued())).toEqual([{ path, rule: "resumed" }]);
});

test("two that were written to are no coin toss", async () => {
  await write(A, [-500, 20]);
  await write(B, [13]);
  await expect(bind(continued())).rejects.toThrow(`${A} or ${B}`);
});

test("what another run is known to work in is not ours", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [13]);
  for (const known of [{ session_id: B }, { sessions: [B] }, { resume: { id: B } }]) {
    expect(await bind(continued(), [runOf(known)])).toEqual([{ path, rule: "resumed" }]);
  }
});

test("two untold runs side by side and one log: neither takes it", async () => {
  await write(A, [-500, 20]);
  await expect(bind(continued(), [continued()])).rejects.toThrow(`the run may be session ${A}`);
  const earlier = continued({ started_at: at(0), ended_at: at(5) });
  expect(await bind(continued(), [earlier])).toHaveLength(1);
});

test("a new session that was exported already is somebody else's", async () => {
  await write(A, [20]);
  const directory = join(shop, ".claude/sessions/there");
  await mkdir(directory, { recursive: true });
  appendExportRecord(directory, {
    ...({ schema_version: 2, run_id: "0123456789abcdef", created_at: at(50), tool: "claude", session_id: A } as const),
    ...{ label: "x", start: null, end: null, from: 0, to: 1, prefix_hash: null, end_hash: null },
    ...{ first_at: null, last_at: null, records: 1, unparsable: 0, unknown: {} },
    ...({ changelog: { status: "off", evaluator: null }, continuation_of_run_id: null } as const),
  });
  expect(await bind(continued())).toEqual([]);
});
