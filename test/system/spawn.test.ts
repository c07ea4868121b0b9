import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../src/system/spawn.ts";
import { waitUntil } from "../wait-until.ts";

const sh = (script: string): [string, ...string[]] => ["/bin/sh", "-c", script];

function isRunning(pid: number): boolean {
  try {
    // A zombie still answers to signal 0.
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

/** Waits for a killed process, which exists until its parent, or init, has reaped it. */
async function ends(pid: number): Promise<void> {
  await waitUntil(() => !isRunning(pid), { what: `the end of process ${pid}`, timeoutMs: 5_000 });
}

test("returns exit status and both streams", async () => {
  expect(await run(sh("echo out; echo err >&2; exit 3"))).toMatchObject({
    code: 3,
    signal: null,
    stdout: "out\n",
    stderr: "err\n",
    notFound: false,
    timedOut: false,
    truncated: false,
  });
});

test("returns the signal and no exit status", async () => {
  expect(await run(sh("kill -9 $$"))).toMatchObject({ code: null, signal: "SIGKILL", timedOut: false });
});

test("distinguishes a missing program from a failing one", async () => {
  expect(await run(["/nonexistent/program"])).toMatchObject({ code: null, signal: null, notFound: true });
});

test("passes arguments without a shell", async () => {
  const { stdout } = await run(["/usr/bin/env", "printf", "%s", "$(id) `id` ; 'x' \"y\""]);
  expect(stdout).toBe("$(id) `id` ; 'x' \"y\"");
});

test("a program that does not read its input still returns its exit status", async () => {
  expect(await run(sh("exec 0<&-; exit 7"), { stdin: "x".repeat(1_000_000) })).toMatchObject({ code: 7 });
});

test("a child with its own environment inherits nothing", async () => {
  const { stdout } = await run(["/usr/bin/env"], { env: { ONLY: "this" } });
  expect(stdout).toBe("ONLY=this\n");
});

test("a timeout ends a program that ignores SIGTERM, and its children", async () => {
  const result = await run(sh("trap '' TERM; sleep 60 & echo $! $$; wait; sleep 60"), { timeoutMs: 100 });
  expect(result).toMatchObject({ timedOut: true, signal: "SIGKILL", code: null });
  const pids = result.stdout.trim().split(" ").map(Number);
  expect(pids).toHaveLength(2);
  for (const pid of pids) await ends(pid);
});

test("a timeout ends a child that outlives its parent and closed its output", async () => {
  const script = "(trap '' TERM; exec sleep 60) >/dev/null 2>&1 & echo $!; wait";
  const { stdout, timedOut } = await run(sh(script), { timeoutMs: 100 });
  expect(timedOut).toBe(true);
  await ends(Number(stdout));
});

test("keeps the beginning and the end of long output", async () => {
  const { stdout, truncated } = await run(sh("echo first; yes filler | head -c 3000000; echo last"), {
    maxOutputBytes: 4096,
  });
  expect(truncated).toBe(true);
  expect(stdout.startsWith("first\n")).toBe(true);
  expect(stdout.endsWith("last\n")).toBe(true);
  expect(stdout.length).toBeLessThan(200_000);
});

test("keeps short output completely", async () => {
  const { stdout, truncated } = await run(sh("yes 123456789 | head -c 100000"), { maxOutputBytes: 100_000 });
  expect([truncated, stdout.length]).toEqual([false, 100_000]);
});

test("starts no further child after stopChildren", async () => {
  const { stdout } = await run([process.execPath, join(import.meta.dir, "workers/stop-children.ts")]);
  expect(JSON.parse(stdout)).toEqual(["SIGTERM", "SIGTERM", ""]);
});
