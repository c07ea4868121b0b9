import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLock } from "../../src/system/lock.ts";
import { formatIdentity, identifySelf, liveness, type ProcessIdentity } from "../../src/system/process-identity.ts";
import { waitUntil } from "../wait-until.ts";

const workers = join(import.meta.dir, "workers");
let dir: string;
let file: string;
let children: Bun.Subprocess[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-lock-"));
  file = join(dir, "rows.jsonl");
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
  rmSync(dir, { recursive: true });
});

/** A process that holds the lock of the file. */
async function holder(): Promise<Bun.Subprocess<"ignore", "pipe", "inherit">> {
  const child = Bun.spawn([process.execPath, join(workers, "hold-lock.ts"), file], { stdout: "pipe" });
  children.push(child);
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("held\n");
  return child;
}

/** A lock as left by a holder with this identity. */
async function leaveLock(change: Partial<ProcessIdentity>, folder = `${file}.lock`): Promise<string> {
  const name = formatIdentity({ ...(await identifySelf()), ...change });
  mkdirSync(join(folder, name), { recursive: true });
  return name;
}

const take = (waitMs: number) => withLock(file, () => "taken", { waitMs });

describe("withLock", () => {
  test("returns the result of the action and leaves no files", async () => {
    expect(await withLock(file, () => readdirSync(dir))).toEqual(["rows.jsonl.lock"]);
    expect(readdirSync(dir)).toEqual([]);
  });

  test("releases the lock when the action throws", async () => {
    await expect(withLock(file, () => Promise.reject(new Error("boom")))).rejects.toThrow("boom");
    expect(await take(0)).toBe("taken");
  });

  test("8 processes count to 200 together", async () => {
    writeFileSync(file, "0");
    const counters = Array.from({ length: 8 }, () =>
      Bun.spawn([process.execPath, join(workers, "count-up.ts"), file, "25"]),
    );
    expect(await Promise.all(counters.map((child) => child.exited))).toEqual(counters.map(() => 0));
    expect(readFileSync(file, "utf8")).toBe("200");
    expect(readdirSync(dir)).toEqual(["rows.jsonl"]);
  });

  test("excludes others within one process, too", async () => {
    let inside = 0;
    const enter = () =>
      withLock(file, async () => {
        inside += 1;
        await new Promise(setImmediate);
        expect(inside).toBe(1);
        inside -= 1;
      });
    await Promise.all(Array.from({ length: 20 }, enter));
  });

  test("waits for a running holder, then names it", async () => {
    const child = await holder();
    const error = await take(20).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ name: "ExpectedError", message: `\`${file}\` is locked by process ${child.pid}` });
    expect(readdirSync(dir)).toEqual(["rows.jsonl.lock"]);
  });

  test("waits longer than for one holder while the holder changes", async () => {
    // Eight turns of 200 ms last longer than one wait of 1,000 ms.
    const turns = Array.from({ length: 8 }, () => withLock(file, () => Bun.sleep(200), { waitMs: 1_000 }));
    expect((await Promise.allSettled(turns)).map(({ status }) => status)).toEqual(turns.map(() => "fulfilled"));
  });

  test("takes over the lock of a killed holder", async () => {
    const child = await holder();
    child.kill("SIGKILL");
    await child.exited;
    expect(existsSync(`${file}.lock`)).toBe(true);
    expect(await take(0)).toBe("taken");
    expect(readdirSync(dir)).toEqual([]);
  });

  // Windows has no SIGSTOP.
  test.if(process.platform !== "win32")("does not take over from a stopped holder, and names it", async () => {
    const child = await holder();
    child.kill("SIGSTOP");
    await untilStopped(child.pid);
    await expect(take(20)).rejects.toThrow(`locked by process ${child.pid}, which is stopped`);
    child.kill("SIGKILL");
    child.kill("SIGCONT");
    await child.exited;
    expect(await take(0)).toBe("taken");
  });

  test("a reused pid does not keep the lock", async () => {
    const { start } = await identifySelf();
    await leaveLock({ start: start - 1 });
    expect(await take(0)).toBe("taken");
  });

  test("takes over a lock from before a reboot", async () => {
    await leaveLock({ boot: "0".repeat(12) });
    expect(await take(0)).toBe("taken");
  });

  test("never takes over from another machine or container", async () => {
    const name = await leaveLock({ host: "0".repeat(12), boot: "0".repeat(12) });
    await expect(take(10)).rejects.toThrow("on another machine or in another container");
    rmSync(join(`${file}.lock`, name), { recursive: true });
    await leaveLock({ namespace: 1 });
    await expect(take(10)).rejects.toThrow("on another machine or in another container");
  });

  test("recognizes a machine whose name has changed", async () => {
    const child = await holder();
    child.kill("SIGKILL");
    await child.exited;
    const name = await leaveLock({ pid: child.pid, host: "0".repeat(12) }, join(dir, "renamed"));
    rmSync(`${file}.lock`, { recursive: true });
    renameSync(join(dir, "renamed"), `${file}.lock`);
    expect(readdirSync(`${file}.lock`)).toEqual([name]);
    expect(await take(0)).toBe("taken");
  });

  test("holds a lock whose rename was reported as failed, as network file systems may do", async () => {
    const child = await holder();
    const taking = take(60_000);
    const prepared = () => readdirSync(dir).find((name) => name.startsWith("rows.jsonl.lock."));
    let name = prepared();
    for (; name === undefined; name = prepared()) await new Promise(setImmediate);
    rmSync(`${file}.lock`, { recursive: true });
    renameSync(join(dir, name), `${file}.lock`);
    expect(await taking).toBe("taken");
    expect(readdirSync(dir)).toEqual([]);
    child.kill("SIGKILL");
  });

  test("takes a lock whose release was interrupted", async () => {
    mkdirSync(`${file}.lock`);
    expect(await take(0)).toBe("taken");
  });

  test("of many that take over a dead holder's lock, one at a time enters", async () => {
    await leaveLock({ boot: "0".repeat(12) });
    writeFileSync(file, "0");
    const counters = Array.from({ length: 6 }, () =>
      Bun.spawn([process.execPath, join(workers, "count-up.ts"), file, "5"]),
    );
    expect(await Promise.all(counters.map((child) => child.exited))).toEqual(counters.map(() => 0));
    expect(readFileSync(file, "utf8")).toBe("30");
    expect(readdirSync(dir)).toEqual(["rows.jsonl"]);
  });

  test("removes the prepared folder of a killed process", async () => {
    const self = await identifySelf();
    const dead = formatIdentity({ ...self, boot: "0".repeat(12) });
    mkdirSync(join(`${file}.lock.${dead}`, dead), { recursive: true });
    await take(0);
    expect(readdirSync(dir)).toEqual([]);
  });

  test("keeps the prepared folder of a running process", async () => {
    const alive = formatIdentity(await identifySelf());
    mkdirSync(join(`${file}.lock.${alive}`, alive), { recursive: true });
    await take(0);
    expect(readdirSync(dir)).toEqual([`rows.jsonl.lock.${alive}`]);
  });

  test("does not release a lock that was removed by hand and taken by another", async () => {
    let theirs = "";
    await withLock(file, async () => {
      rmSync(`${file}.lock`, { recursive: true });
      theirs = await leaveLock({});
    });
    expect(readdirSync(`${file}.lock`)).toEqual([theirs]);
  });

  test("a file or folder that is not a lock is an error", async () => {
    writeFileSync(`${file}.lock`, "");
    await expect(take(0)).rejects.toThrow("was not created by `ctx`");
    rmSync(`${file}.lock`);
    mkdirSync(join(`${file}.lock`, "what"), { recursive: true });
    await expect(take(0)).rejects.toThrow("was not created by `ctx`");
    rmSync(`${file}.lock`, { recursive: true });
    symlinkSync(join(dir, "nowhere"), `${file}.lock`);
    await expect(take(0)).rejects.toThrow("was not created by `ctx`");
  });

  test("git does not see a lock, so a killed holder leaves nothing to commit", async () => {
    Bun.spawnSync(["git", "init", "-q", dir]);
    await holder();
    const status = Bun.spawnSync(["git", "-C", dir, "status", "--porcelain", "-uall", "--ignored"]);
    expect(status.stdout.toString()).toBe("");
  });

  test("names a folder that cannot be written", async () => {
    await expect(withLock(join(dir, "missing", "rows"), () => {})).rejects.toThrow("missing");
  });
});

// The script reads `/proc`.
test.if(process.platform === "linux")("a zombie counts as ended", async () => {
  // It ends after its parent was replaced by a program that does not wait for children.
  const script = 'until grep -qx sleep "/proc/$$/comm"; do :; done & echo $!; exec sleep 60';
  const parent = Bun.spawn(["sh", "-c", script], { stdout: "pipe" });
  children.push(parent);
  const { value } = await parent.stdout.getReader().read();
  const pid = Number(new TextDecoder().decode(value));
  const statOf = () =>
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
  await waitUntil(() => statOf()[0] === "Z", { what: "the zombie" });
  const identity = { ...(await identifySelf()), pid, start: Number(statOf()[19]) };
  expect(await liveness(identity)).toBe("gone");
});

/** SIGSTOP takes effect with a delay. */
async function untilStopped(pid: number): Promise<void> {
  const state = () => Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)]).stdout.toString();
  await waitUntil(() => state().startsWith("T"), { what: `process ${pid} to stop` });
}
