import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readRunFacts } from "../../src/changelog/run-facts.ts";
import { takeSnapshot } from "../../src/evidence/git/snapshot.ts";
import { type LogRef, readHead } from "../../src/sessions/read.ts";
import { git } from "../../src/system/git.ts";
import { event, item, meta, T0 } from "../agents/codex/rollout.ts";
import { makeHome, uuid } from "../sessions/logs.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const truth = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
const path = join(RECORDING, truth.files[0]);
/** When the script with the first command of the recorded run was called. */
const ACTED = Date.parse("2026-11-22T06:15:01.465Z");

let root: string;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "ctx-facts-")));
  await git(root, ["init", "--quiet"]);
  writeFileSync(join(root, "a.txt"), "a\n");
});
afterEach(() => rmSync(root, { recursive: true }));

/** The files of a run; the snapshot has none, because nothing changed in this repository. */
async function touched(beforeDone: number, log: LogRef = { tool: "codex", path }): Promise<number> {
  const before = await takeSnapshot(root);
  if (before === null) throw new Error("no snapshot");
  const observed = { before, beforeDone: new Date(beforeDone).toISOString(), after: before, others: 0 };
  const window = { start: null, end: null };
  const range = { from: 0, to: 40_100 };
  const { evidence } = await readRunFacts({
    ...{ log, head: await readHead(log), range, window },
    ...{ root, home: root, observed },
  });
  return evidence.touchedFiles.created.length + evidence.touchedFiles.modified.length;
}

test("a snapshot that was complete before the first action decides what changed", async () => {
  expect(await touched(ACTED - 1)).toBe(0);
});

test("a snapshot that was not complete before the first action is ignored", async () => {
  expect(await touched(ACTED)).toBe(2);
});

test("the first action may be that of a subagent, although the log reports it later", async () => {
  const home = await makeHome();
  const [session, subagent] = [uuid(T0, 1), uuid(T0 + 1_000, 2)];
  const edit = (file: string, second: number) =>
    item("FileChange", { id: file, status: "completed", changes: { [join(root, file)]: { type: "add" } } }, second);
  const source = { subagent: { thread_spawn: { parent_thread_id: session } } };
  const own = await home.write(session, [meta(session), event("warning", {}, 3), edit("a.txt", 4)]);
  const turn = event("task_started", { turn_id: uuid(T0 + 2_000) }, 2);
  await home.write(subagent, [meta(subagent, { source }, 1), turn, edit("b.txt", 2), event("task_complete", {}, 6)]);
  const log = { tool: "codex" as const, path: own };
  expect(await touched(T0 + 1_000, log)).toBe(0);
  expect(await touched(T0 + 2_500, log)).toBe(2);
  await home.remove();
});
