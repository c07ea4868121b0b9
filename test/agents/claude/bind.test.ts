import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, utimes } from "node:fs/promises";
import { join } from "node:path";
import { appendExportRecord } from "../../../src/runs/export-records.ts";
import type { PendingRun } from "../../../src/runs/pending.ts";
import { bindRun } from "../../../src/wrapper/bind.ts";
import { pendingRun } from "../../runs/pending-run.ts";
import { sampleRecord } from "../../runs/sample-record.ts";
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

/** A run in the shop that lasted from second 10 to second 60. */
function runOf(more: Partial<PendingRun> = {}): PendingRun {
  return pendingRun(shop, { tool: "claude", started_at: at(10), ended_at: at(60), ...more });
}

/** Writes a log with a prompt and a reply at each of these seconds. */
async function write(id: string, seconds: readonly number[], cwd = shop): Promise<string> {
  const records = seconds.flatMap((second) => [prompt(id, cwd, second), reply(id, cwd, second + 1)]);
  const path = logPath(join(home.home, ".claude"), id);
  return await writeLog(path, [mode(id), ...records], (seconds.at(-1) ?? 0) + 1);
}

const bind = (run: PendingRun, others: PendingRun[] = []) => bindRun(run, { env: {}, home: home.home, others });

/** A run that resumed a session without naming it. */
const continued = (more: Partial<PendingRun> = {}) => runOf({ resume: { id: null }, ...more });

test("the log with the id we chose is bound, whatever other logs changed", async () => {
  const path = await write(A, [12]);
  await write(B, [13]);
  expect(await bind(runOf({ session_id: A }))).toEqual([{ path, rule: "session-id" }]);
});

test("no other log is bound when the session with the id we chose has no messages", async () => {
  await write(B, [13]);
  expect(await bind(runOf({ session_id: A, sessions: [A] }))).toEqual([]);
});

test("a resumed session is bound by its id only", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [13]);
  expect(await bind(runOf({ resume: { id: A } }))).toEqual([{ path, rule: "resumed" }]);
  expect(await bind(runOf({ resume: { id: C } }))).toEqual([]);
});

test("the sessions in the process record are bound in order, each with the best rule", async () => {
  const [first, second] = [await write(A, [12]), await write(B, [30])];
  expect(await bind(runOf({ session_id: A, sessions: [A, B, A] }))).toEqual([
    { path: first, rule: "session-id" },
    { path: second, rule: "process-record" },
  ]);
  // C is the id that Claude Code starts with, before it knows which session to resume.
  expect(await bind(continued({ sessions: [C, B] }))).toEqual([{ path: second, rule: "process-record" }]);
});

test("without an id, the only modified log of the folder is bound", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [-500]);
  await write(C, [20], home.home);
  expect(await bind(continued())).toEqual([{ path, rule: "resumed" }]);
});

test("without an id, a log that was started during the run is bound", async () => {
  const path = await write(A, [20]);
  expect(await bind(continued({ sessions: [B] }))).toEqual([{ path, rule: "new-file" }]);
});

test("without an id, a log with terminal UI records only is not bound", async () => {
  const path = logPath(join(home.home, ".claude"), A);
  await writeLog(path, [prompt(A, shop, -500), mode(A), screenCommand(A, shop, 20)], 20);
  expect(await bind(continued())).toEqual([]);
});

test("without an id, a copied log is not bound", async () => {
  const path = await write(A, [-500, 20]);
  await Bun.write(logPath(join(home.home, ".claude"), B), Bun.file(path));
  await utimes(logPath(join(home.home, ".claude"), B), T0 / 1000 + 30, T0 / 1000 + 30);
  expect(await bind(continued())).toEqual([{ path, rule: "resumed" }]);
});

test("two modified logs are ambiguous", async () => {
  await write(A, [-500, 20]);
  await write(B, [13]);
  await expect(bind(continued())).rejects.toThrow(`${A} or ${B}`);
});

test("a log of another run is not bound", async () => {
  const path = await write(A, [-500, 20]);
  await write(B, [13]);
  for (const known of [{ session_id: B }, { sessions: [B] }, { resume: { id: B } }]) {
    expect(await bind(continued(), [runOf(known)])).toEqual([{ path, rule: "resumed" }]);
  }
});

test("one log and two concurrent runs without an id are ambiguous", async () => {
  await write(A, [-500, 20]);
  await expect(bind(continued(), [continued()])).rejects.toThrow(`the run may belong to session ${A}`);
  const earlier = continued({ started_at: at(0), ended_at: at(5) });
  expect(await bind(continued(), [earlier])).toHaveLength(1);
});

test("a new session that was already exported is not bound", async () => {
  await write(A, [20]);
  const directory = join(shop, ".claude/sessions/there");
  await mkdir(directory, { recursive: true });
  appendExportRecord(directory, sampleRecord({ tool: "claude", session_id: A }));
  expect(await bind(continued())).toEqual([]);
});
