import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweepRunLocks, withRunLock } from "../../src/changelog/run-lock.ts";
import { type Changelog, openChangelog } from "../../src/changelog/store.ts";
import { formatIdentity, identifySelf } from "../../src/system/process-identity.ts";

const RUN = "8a3d1e1b0507d234";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-run-lock-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const names = () => readdirSync(join(root, ".changelog")).sort();

test("one is let in, whoever gets the credit, and the other runs are free", async () => {
  const grace = openChangelog(root, "grace");
  const inside = await withRunLock(log, RUN, 0, async () => [
    await withRunLock(grace, RUN, 0, async () => "in"),
    await withRunLock(grace, "0".repeat(16), 0, async () => "in"),
  ]);
  expect(inside).toEqual([null, "in"]);
  expect(names()).toEqual([".gitattributes", "ada", "grace"]);
});

test("what killed processes left is removed, what living ones hold is not", async () => {
  const self = await identifySelf();
  const dead = formatIdentity({ ...self, pid: 2 ** 22 - 1 });
  mkdirSync(join(root, ".changelog", `${RUN}.lock`, dead), { recursive: true });
  mkdirSync(join(root, ".changelog", `${"1".repeat(16)}.lock.${dead}`, dead), { recursive: true });
  await withRunLock(log, "2".repeat(16), 0, async () => {
    await sweepRunLocks(log);
    expect(names()).toEqual([".gitattributes", "2222222222222222.lock", "ada"]);
  });
});
