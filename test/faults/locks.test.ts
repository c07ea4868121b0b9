// Locks whose holders are killed at any system call, run in another container, or are stopped and continued.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { withLock } from "../../src/system/lock.ts";
import { countFaults, faulty, MAY_TRACE, traced, writingCalls } from "./strace.ts";

const COUNT_UP = resolve(import.meta.dir, "../system/workers/count-up.ts");
const HOLD_LOCK = resolve(import.meta.dir, "../system/workers/hold-lock.ts");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ctx-locks-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.if(MAY_TRACE)(
  "a holder killed at any call blocks nobody, and the next holder removes its files",
  async () => {
    const log = `${folder}.trace`;
    const file = join(folder, "count");
    const argv = [process.execPath, COUNT_UP, file, "2"];
    writeFileSync(file, "0");
    await Bun.spawn(traced(log, argv)).exited;
    const calls = writingCalls(log, folder);
    expect(calls.map(({ name }) => name)).toEqual(expect.arrayContaining(["mkdir", "rename", "rmdir", "write"]));
    let kills = 0;
    for (const call of calls) {
      writeFileSync(file, "0");
      await Bun.spawn(faulty(log, call, "SIGKILL", argv), { stderr: "ignore" }).exited;
      kills += countFaults(log);
      expect(await withLock(file, () => "in", { waitMs: 0 })).toBe("in");
      expect({ call, left: readdirSync(folder) }).toEqual({ call, left: ["count"] });
      expect(readFileSync(file, "utf8")).toMatch(/^[012]?$/);
    }
    rmSync(log);
    expect(kills).toBeGreaterThan(calls.length / 2);
  },
  120_000,
);

/** The argv that runs a program in its own PID namespace, as in a container; null if that is not permitted. */
function contained(...argv: string[]): string[] | null {
  const alone = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const isAllowed = process.platform === "linux" && Bun.which("unshare") !== null;
  return isAllowed && Bun.spawnSync([...alone, "true"], { stderr: "ignore" }).success ? [...alone, ...argv] : null;
}

test.if(contained("true") !== null)(
  "a holder in another container keeps its lock, although its process id means nothing here",
  async () => {
    const file = join(folder, "count");
    const child = Bun.spawn(contained(process.execPath, HOLD_LOCK, file) ?? [], { stdout: "pipe" });
    await child.stdout.getReader().read();
    const take = () => withLock(file, () => "in", { waitMs: 10 });
    await expect(take()).rejects.toThrow("on another machine or in another container");
    child.kill("SIGKILL");
    await child.exited;
    // It cannot be detected from here that the holder has ended, so the error says what to do.
    const error = await take().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ hint: expect.stringContaining(`remove the folder \`${file}.lock\``) });
    rmSync(`${file}.lock`, { recursive: true });
    expect(await take()).toBe("in");
  },
);

// Windows has no SIGSTOP.
test.if(process.platform !== "win32")("processes that are stopped and continued still take turns", async () => {
  const file = join(folder, "count");
  writeFileSync(file, "0");
  const counters = Array.from({ length: 5 }, () => Bun.spawn([process.execPath, COUNT_UP, file, "20"]));
  let isOver = false;
  const ended = Promise.all(counters.map((child) => child.exited)).finally(() => {
    isOver = true;
  });
  for (let turn = 0; !isOver; turn += 1) {
    const child = counters[turn % counters.length];
    child?.kill("SIGSTOP");
    // Turns of fixed length: long enough for the others to find the lock held, short enough to hit every step.
    await Bun.sleep(4);
    child?.kill("SIGCONT");
    await Bun.sleep(2);
  }
  expect(await ended).toEqual(counters.map(() => 0));
  expect(readFileSync(file, "utf8")).toBe("100");
  expect(readdirSync(folder)).toEqual(["count"]);
});
