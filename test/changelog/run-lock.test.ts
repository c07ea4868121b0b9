import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sweepRunLocks, withRunLock } from "../../src/changelog/run-lock.ts";
import { type Changelog, openChangelog } from "../../src/changelog/store.ts";
import { LockHeldError } from "../../src/system/lock.ts";
import { formatIdentity, identifySelf, type ProcessIdentity } from "../../src/system/process-identity.ts";

const RUN = "8a3d1e1b0507d234";

let root: string;
let log: Changelog;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "ctx-run-lock-"));
  log = openChangelog(root, "ada");
});
afterEach(() => rmSync(root, { recursive: true }));

const names = () => readdirSync(join(root, ".changelog")).sort();

test("one process holds the lock of a run whatever its actor is, and other runs are free", async () => {
  const grace = openChangelog(root, "grace");
  const inside = await withRunLock(log, RUN, 0, async () => [
    await withRunLock<unknown>(grace, RUN, 0, async () => "in"),
    await withRunLock(grace, "0".repeat(16), 0, async () => "in"),
  ]);
  expect(inside).toEqual([expect.any(LockHeldError), "in"]);
  expect(names()).toEqual([".gitattributes", "ada", "grace"]);
});

test("locks of killed processes are removed, those of running ones are not", async () => {
  const self = await identifySelf();
  const dead = formatIdentity({ ...self, pid: 2 ** 22 - 1 });
  mkdirSync(join(root, ".changelog", `${RUN}.lock`, dead), { recursive: true });
  mkdirSync(join(root, ".changelog", `${"1".repeat(16)}.lock.${dead}`, dead), { recursive: true });
  await withRunLock(log, "2".repeat(16), 0, async () => {
    await sweepRunLocks(root);
    expect(names()).toEqual([".gitattributes", "2222222222222222.lock", "ada"]);
  });
});

/** The lock of a run, held by the described process. */
async function leave(holder: Partial<ProcessIdentity>): Promise<void> {
  const name = formatIdentity({ ...(await identifySelf()), ...holder });
  mkdirSync(join(root, ".changelog", `${RUN}.lock`, name), { recursive: true });
}

const OTHER = "0".repeat(12);

test.each<[string, Partial<ProcessIdentity>]>([
  ["a process that crashed", { pid: 2 ** 22 - 1 }],
  ["a process whose pid was reused", { start: 1 }],
  ["a process from before a reboot", { boot: OTHER }],
])("the lock of %s is taken over", async (_, holder) => {
  await leave(holder);
  expect(await withRunLock(log, RUN, 0, async () => "in")).toBe("in");
  expect(names()).toEqual([".gitattributes", "ada"]);
});

test("a process on another machine with the same share keeps the lock, and the message says what to do", async () => {
  await leave({ host: OTHER, boot: OTHER });
  const held = await withRunLock(log, RUN, 10, async () => "in");
  expect(held).toMatchObject({
    message: expect.stringMatching(/is locked by process \d+ on another machine or in another container$/),
    hint: expect.stringContaining(`remove the folder \`${join(root, ".changelog", `${RUN}.lock`)}\``),
  });
  await sweepRunLocks(root);
  expect(names()).toContain(`${RUN}.lock`);
});

// Windows has no SIGSTOP.
test.if(process.platform !== "win32")("a stopped process keeps the lock, and is not waited for", async () => {
  const worker = join(import.meta.dir, "../system/workers/hold-lock.ts");
  const child = Bun.spawn([process.execPath, worker, join(root, ".changelog", RUN)], { stdout: "pipe" });
  await child.stdout.getReader().read();
  child.kill("SIGSTOP");
  const held = await withRunLock(log, RUN, 3_600_000, async () => "in");
  expect(held).toMatchObject({
    message: expect.stringContaining(`is locked by process ${child.pid}, which is stopped`),
    hint: expect.stringContaining(`kill -CONT ${child.pid}`),
  });
  child.kill("SIGKILL");
  await child.exited;
  expect(await withRunLock(log, RUN, 0, async () => "in")).toBe("in");
});
