import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readRunFacts } from "../../src/changelog/run-facts.ts";
import { takeSnapshot } from "../../src/evidence/git/snapshot.ts";
import { readHead } from "../../src/sessions/read.ts";
import { git } from "../../src/system/git.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const truth = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
const path = join(RECORDING, truth.files[0]);
/** The first command of the recorded run began then. */
const ACTED = Date.parse("2026-11-22T06:15:01.769Z");

let root: string;
beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "ctx-facts-")));
  await git(root, ["init", "--quiet"]);
  writeFileSync(join(root, "a.txt"), "a\n");
});
afterEach(() => rmSync(root, { recursive: true }));

/** The files of the run; by the snapshot alone there are none, since nothing changed in this repository. */
async function touched(beforeDone: number): Promise<number> {
  const log = { tool: "codex" as const, path };
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

test("a look at the repository that was done before the run acted decides what changed", async () => {
  expect(await touched(ACTED - 1)).toBe(0);
});

test("a look that was still going on when the run acted is set aside", async () => {
  expect(await touched(ACTED)).toBe(2);
});
