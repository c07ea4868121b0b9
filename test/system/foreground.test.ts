import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../../src/system/spawn.ts";
import { waitForFile, waitUntil } from "../wait-until.ts";

const WORKER = resolve(import.meta.dir, "workers/run-foreground.ts");

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ctx-foreground-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program in the foreground of its own job. */
function start(...argv: string[]) {
  return Bun.spawn(["setsid", process.execPath, WORKER, ...argv], {
    ...{ cwd: folder, stdin: "ignore", stdout: "pipe", stderr: "inherit" },
  });
}

const sh = (script: string) => start("/bin/sh", "-c", script);

async function endingOf(job: ReturnType<typeof start>): Promise<unknown> {
  const lines = (await new Response(job.stdout).text()).trimEnd().split("\n");
  return JSON.parse(lines.at(-1) ?? "");
}

async function appears(name: string): Promise<void> {
  await waitForFile(join(folder, name));
}

/** The state letters of a job's processes: `T` is stopped. */
async function statesOf(group: number): Promise<string[]> {
  const { stdout } = await run(["ps", "-Ao", "pgid=,stat="]);
  const rows = stdout.split("\n").map((row) => row.trim().split(/\s+/));
  return rows.flatMap(([id, state]) => (Number(id) === group ? [state?.slice(0, 1) ?? ""] : []));
}

async function isStopped(group: number): Promise<boolean> {
  const states = (await statesOf(group)).filter((state) => state !== "Z");
  return states.length >= 2 && states.every((state) => state === "T");
}

test("stops when the child stops itself, and both continue together", async () => {
  const job = sh("kill -STOP $$; kill -STOP $$; exit 5");
  for (let times = 0; times < 2; times += 1) {
    await waitUntil(() => isStopped(job.pid), { what: "the job to stop" });
    process.kill(-job.pid, "SIGCONT");
  }
  expect(await endingOf(job)).toEqual({ code: 5, signal: null, failure: null, forwarded: null });
});

test("a job that is stopped as a whole continues after SIGCONT", async () => {
  // The loop starts no programs, because a shell that waits for one would not be stopped itself.
  const job = sh(": >ready; while [ ! -e stop ]; do : >beat; done");
  await appears("ready");
  process.kill(-job.pid, "SIGSTOP");
  await waitUntil(() => isStopped(job.pid), { what: "the job to stop" });
  process.kill(-job.pid, "SIGCONT");
  await rm(join(folder, "beat"), { force: true });
  await appears("beat");
  await writeFile(join(folder, "stop"), "");
  expect(await endingOf(job)).toEqual({ code: 0, signal: null, failure: null, forwarded: null });
});

test.each(["TERM", "HUP"])("forwards SIG%s to the child once", async (name) => {
  const job = sh(`trap "echo caught >>heard" ${name}; touch ready; while [ ! -e stop ]; do sleep 0.02; done; exit 3`);
  await appears("ready");
  job.kill(`SIG${name}` as NodeJS.Signals);
  await appears("heard");
  await writeFile(join(folder, "stop"), "");
  expect(await endingOf(job)).toEqual({ code: 3, signal: null, failure: null, forwarded: `SIG${name}` });
  expect(await readFile(join(folder, "heard"), "utf8")).toBe("caught\n");
});

test("waits for a child that takes time to end after a signal", async () => {
  const job = sh(
    'trap "touch heard" TERM HUP; touch ready; while [ ! -e stop ]; do sleep 0.02; done; touch saved; exit 4',
  );
  await appears("ready");
  for (const signal of ["SIGHUP", "SIGTERM", "SIGTERM"] as const) job.kill(signal);
  await appears("heard");
  expect(existsSync(join(folder, "saved"))).toBe(false);
  await writeFile(join(folder, "stop"), "");
  expect(await endingOf(job)).toMatchObject({ code: 4, signal: null });
  expect(existsSync(join(folder, "saved"))).toBe(true);
});

test.each(["INT", "QUIT"])("survives SIG%s from the terminal, which the child handles", async (name) => {
  const job = sh(`trap "exit 7" ${name}; touch ready; while :; do sleep 0.02; done`);
  await appears("ready");
  process.kill(-job.pid, `SIG${name}`);
  expect(await endingOf(job)).toEqual({ code: 7, signal: null, failure: null, forwarded: null });
});

test("returns the signal that ended the child", async () => {
  expect(await endingOf(sh("kill -KILL $$"))).toEqual({
    code: null,
    signal: "SIGKILL",
    failure: null,
    forwarded: null,
  });
});

test("distinguishes missing programs from those that cannot be executed", async () => {
  await writeFile(join(folder, "text"), "not a program\n", { mode: 0o755 });
  await writeFile(join(folder, "locked"), "#!/bin/sh\n", { mode: 0o644 });
  for (const [name, failure] of Object.entries({ nothing: "ENOENT", text: "EACCES", locked: "EACCES" })) {
    const ending = { code: null, signal: null, failure, forwarded: null };
    expect(await endingOf(start(join(folder, name)))).toEqual(ending);
  }
});
