import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sessionsOfProcess } from "../../../src/agents/claude/process-records.ts";
import { lineage, processStatus } from "../../../src/system/proc.ts";
import { type Home, makeHome, uuid } from "../../sessions/logs.ts";
import { T0 } from "../codex/rollout.ts";

/** Elsewhere the processes that a launcher started are not known: `lineage` reads `/proc`. */
const onLinux = test.skipIf(process.platform !== "linux");
const [A, B] = [uuid(T0, 1), uuid(T0, 2)];

let home: Home;
let children: Bun.Subprocess[];
beforeEach(async () => {
  home = await makeHome();
  children = [];
  await mkdir(join(home.home, "sessions"));
});
afterEach(async () => {
  for (const child of children) {
    process.kill(-child.pid, "SIGKILL");
    await child.exited;
  }
  await home.remove();
});

/** Starts a shell script and returns the process ids it prints: its own and those of its children. */
async function start(script: string, count: number): Promise<number[]> {
  const child = Bun.spawn(["setsid", "sh", "-c", script], { stdin: "ignore", stdout: "pipe" });
  children.push(child);
  let text = "";
  for await (const chunk of child.stdout) {
    text += new TextDecoder().decode(chunk);
    if (text.split("\n").length > count) break;
  }
  return text.trim().split("\n").map(Number);
}

async function record(pid: number, sessionId: string, more: Record<string, unknown> = {}): Promise<void> {
  const fields = { pid, sessionId, startedAt: T0 + 1, procStart: processStatus(pid)?.start, ...more };
  await writeFile(recordOf(pid), JSON.stringify(fields));
}

const recordOf = (pid: number) => join(home.home, "sessions", `${pid}.json`);
const look = (pid: number) => sessionsOfProcess(pid, home.home, T0);

test("a process has the session in its record, also after that changes", async () => {
  const [pid = 0] = await start("echo $$; sleep 60; true", 1);
  const sessions = look(pid);
  expect(sessions()).toEqual([]);
  await record(pid, A);
  expect(sessions()).toEqual([A]);
  await record(pid, B);
  expect(sessions()).toEqual([B]);
});

onLinux("the session of a process that a launcher started is found; those of other processes are not", async () => {
  const [launcher = 0, claude = 0] = await start("echo $$; sh -c 'echo $$; sleep 60; true'; true", 2);
  const [other = 0] = await start("echo $$; sleep 60; true", 1);
  await record(claude, A);
  await record(other, B);
  expect(look(launcher)()).toEqual([A]);
});

onLinux("a nested Claude Code is ignored, also after the record of the outer one is gone", async () => {
  const [launcher = 0, claude = 0, nested = 0] = await start(
    "echo $$; sh -c 'echo $$; sh -c \"echo \\$\\$; sleep 60; true\"; true'; true",
    3,
  );
  expect(lineage(nested, launcher)).toEqual([nested, claude, launcher]);
  await record(claude, A);
  await record(nested, B);
  const sessions = look(launcher);
  expect(sessions()).toEqual([A]);
  await rm(recordOf(claude));
  expect(sessions()).toEqual([]);
});

test("a record that a crash left behind is ignored when the process id is reused", async () => {
  const [pid = 0] = await start("echo $$; sleep 60; true", 1);
  await record(pid, A, { procStart: "1", startedAt: T0 - 1 });
  expect(look(pid)()).toEqual([]);
  // If the start time of the process is unknown, the time of the record is compared instead.
  await record(pid, A, { procStart: undefined, startedAt: T0 - 1 });
  expect(look(pid)()).toEqual([]);
  await record(pid, A, { procStart: undefined, startedAt: T0 + 1 });
  expect(look(pid)()).toEqual([A]);
});

test.each([
  ["an empty file", ""],
  ["a truncated record", '{"pid":'],
  ["a list", "[]"],
  ["a record without a session", JSON.stringify({ pid: process.pid, startedAt: T0 + 1 })],
  ["a session id with a path", JSON.stringify({ sessionId: "../../secret", pid: process.pid, startedAt: T0 + 1 })],
  ["a record of another process", JSON.stringify({ sessionId: A, pid: 1, startedAt: T0 + 1 })],
  [
    "a file that is too large",
    JSON.stringify({ sessionId: A, pid: process.pid, startedAt: T0 + 1, more: "x".repeat(100_000) }),
  ],
])("%s is ignored", async (_, text) => {
  await writeFile(recordOf(process.pid), text);
  expect(look(process.pid)()).toEqual([]);
});

test("links, folders and pipes are ignored without blocking", async () => {
  const path = recordOf(process.pid);
  await record(process.pid, A);
  await rm(path);
  await writeFile(join(home.home, "elsewhere"), JSON.stringify({ pid: process.pid, sessionId: A, startedAt: T0 + 1 }));
  await symlink(join(home.home, "elsewhere"), path);
  expect(look(process.pid)()).toEqual([]);
  await rm(path);
  await mkdir(path);
  expect(look(process.pid)()).toEqual([]);
  await rm(path, { recursive: true });
  Bun.spawnSync(["mkfifo", path]);
  expect(look(process.pid)()).toEqual([]);
});

test("older versions have no records", async () => {
  await rm(join(home.home, "sessions"), { recursive: true });
  expect(look(process.pid)()).toEqual([]);
});
