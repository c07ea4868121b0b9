// The wrapper around small shell scripts: which arguments and signals reach them, and which exit status the shell gets.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CTX } from "../program.ts";
import { waitForFile, waitUntil } from "../wait-until.ts";
import { Sandbox } from "./sandbox.ts";

/** A sandbox in which both tools are this shell script. */
async function withTool(script: string): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  const tool = join(sandbox.root, "tool");
  await writeFile(tool, `#!/bin/sh\n${script}\n`);
  await chmod(tool, 0o755);
  Object.assign(sandbox.env, { CTX_CODEX_CMD: tool, CTX_CLAUDE_CMD: tool });
  return sandbox;
}

const PRINT_ARGUMENTS = 'for word in "$@"; do printf "<%s>" "$word"; done';

async function pendingIn({ env }: Sandbox): Promise<string[]> {
  const folder = join(env.XDG_STATE_HOME ?? "", "ai-code-sessions/pending");
  const names = existsSync(folder) ? await readdir(folder) : [];
  return names.filter((name) => name.endsWith(".json"));
}

test.each([
  [["x", "--codex", "--help", "--", "--claude", "a b", ""], "<--help><--><--claude><a b><>"],
  [["--codex"], ""],
  [["recover", "--codex", "exec"], "<exec>"],
  [["--no-changelog", "x", "--codex", "-h"], "<-h>"],
  [["x", "--claude", "--resume", "1"], "<--resume><1>"],
])("%j: the tool gets its arguments unchanged", async (args, expected) => {
  await using sandbox = await withTool(PRINT_ARGUMENTS);
  expect(await sandbox.ctx(args)).toEqual({ status: 0, stdout: expected, stderr: "" });
});

test("a new Claude Code session gets an id in front of its arguments", async () => {
  await using sandbox = await withTool(PRINT_ARGUMENTS);
  const { stdout } = await sandbox.ctx(["x", "--claude", "-p", "go"]);
  expect(stdout).toMatch(/^<--session-id><[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}><-p><go>$/);
});

test("a tool that exits before the first snapshot leaves no pending record", async () => {
  await using sandbox = await withTool("exit 0");
  await sandbox.run(["git", "init", "--quiet"]);
  for (let run = 0; run < 5; run += 1) {
    expect(await sandbox.ctx(["x", "--codex"])).toEqual({ status: 0, stdout: "", stderr: "" });
  }
  expect(await pendingIn(sandbox)).toEqual([]);
});

test.each([0, 1, 2, 70, 255])("passes exit status %d of the tool through", async (status) => {
  await using sandbox = await withTool(`exit ${status}`);
  expect(await sandbox.ctx(["x", "--codex"])).toEqual({ status, stdout: "", stderr: "" });
});

test.each([
  ["KILL", 137],
  ["TERM", 143],
  ["INT", 130],
])("a tool that ends by SIG%s gives exit status %d", async (signal, status) => {
  await using sandbox = await withTool(`kill -${signal} $$; sleep 5`);
  expect((await sandbox.ctx(["x", "--codex"])).status).toBe(status);
});

test("a tool that does nothing leaves no files", async () => {
  await using sandbox = await withTool("exit 0");
  await sandbox.ctx(["x", "--codex"], { env: { CTX_CHANGELOG: "1" } });
  expect(await readdir(sandbox.work)).toEqual([]);
  expect(await pendingIn(sandbox)).toEqual([]);
});

test.each([
  ["/nonexistent/codex", 127, "was not found"],
  ["/etc/passwd", 126, "cannot be executed"],
])("%s exits %d", async (command, expected, problem) => {
  await using sandbox = await Sandbox.create();
  const { status, stderr } = await sandbox.ctx(["x", "--codex"], { env: { CTX_CODEX_CMD: command } });
  expect(status).toBe(expected);
  expect(stderr).toStartWith(`error: \`${command}\` ${problem}\n\nhint: `);
  expect(await pendingIn(sandbox)).toEqual([]);
});

test("the user's configuration sets the command, a repository's does not", async () => {
  await using sandbox = await withTool("echo hostile");
  const mine = join(sandbox.root, "mine");
  await writeFile(mine, "#!/bin/sh\necho mine\n");
  await chmod(mine, 0o755);
  const folder = join(sandbox.env.XDG_CONFIG_HOME ?? "", "ai-code-sessions");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "config.toml"), `[ctx]\ncodex_cmd = "${mine}"\n`);
  await writeFile(join(sandbox.work, ".ai-code-sessions.toml"), `[ctx]\ncodex_cmd = "${sandbox.env.CTX_CODEX_CMD}"\n`);
  const { stdout } = await sandbox.ctx(["x", "--codex"], { env: { CTX_CODEX_CMD: "" } });
  expect(stdout).toBe("mine\n");
});

test.each([
  [["a", "b", "--codex"], "unexpected argument `b`"],
  [["--lable", "--codex"], "unknown flag `--lable`"],
])("%j is wrong usage and does not start the tool", async (args, problem) => {
  await using sandbox = await withTool("echo started");
  const { status, stdout, stderr } = await sandbox.ctx(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toStartWith(`error: ${problem}`);
});

test("--help before the tool flag prints the help of ctx", async () => {
  await using sandbox = await withTool("echo started");
  const { status, stdout } = await sandbox.ctx(["--help", "--codex"]);
  expect(status).toBe(0);
  expect(stdout).toContain("Usage: ctx [flags] [LABEL] --codex [<ARGUMENT>...]\n");
});

test("Ctrl-C reaches the tool, and ctx waits for it", async () => {
  await using sandbox = await withTool('trap "echo caught; exit 7" INT; touch ready; while :; do sleep 0.05; done');
  // In its own process group, like a foreground job: Ctrl-C goes to every process in it.
  const child = Bun.spawn(["setsid", ...CTX, "x", "--codex"], { ...place(sandbox), stdout: "pipe" });
  await waitForFile(join(sandbox.work, "ready"));
  process.kill(-child.pid, "SIGINT");
  await child.exited;
  expect({ status: child.exitCode, stdout: await new Response(child.stdout).text() }).toEqual({
    status: 7,
    stdout: "caught\n",
  });
});

test.each(["SIGTERM", "SIGHUP"] as const)("%s is forwarded to the tool", async (signal) => {
  await using sandbox = await withTool(
    `trap "echo caught; exit 9" ${signal.slice(3)}; touch ready; while :; do sleep 0.05; done`,
  );
  const child = Bun.spawn([...CTX, "x", "--codex"], { ...place(sandbox), stdout: "pipe" });
  await waitForFile(join(sandbox.work, "ready"));
  child.kill(signal);
  await child.exited;
  expect({ status: child.exitCode, stdout: await new Response(child.stdout).text() }).toEqual({
    status: 9,
    stdout: "caught\n",
  });
});

test("the run of a killed ctx is skipped while the tool runs, and recovered after it", async () => {
  await using sandbox = await withTool("echo $$ > pid; while [ ! -e stop ]; do sleep 0.02; done; touch stopped");
  const child = Bun.spawn([...CTX, "Fix cart", "--codex"], { ...place(sandbox), stdout: "ignore" });
  await waitForFile(join(sandbox.work, "pid"));
  // The record names the tool's process soon after its start.
  await waitUntil(async () => (await recordOf(sandbox)).includes('"child": "'), {
    what: "the tool's process in the record",
  });
  child.kill("SIGKILL");
  await child.exited;

  const running = await sandbox.ctx(["recover"]);
  expect(running.stderr).toContain("may still be running: skipped");
  expect(await pendingIn(sandbox)).toHaveLength(1);
  await writeFile(join(sandbox.work, "stop"), "");
  await waitForFile(join(sandbox.work, "stopped"));
  const isRunning = async () => (await sandbox.ctx(["recover", "--dry-run"])).stderr.includes("may still be running");
  await waitUntil(async () => !(await isRunning()), { what: "the end of the tool" });

  expect((await sandbox.ctx(["--codex", "--version"])).stderr).toBe("");
  expect((await sandbox.ctx(["y", "--codex"])).stderr).toBe("1 earlier run is unfinished here: run `ctx recover`\n");
  expect((await sandbox.ctx(["recover"])).stderr).toContain("run `Fix cart` of ");
  expect(await pendingIn(sandbox)).toEqual([]);
  expect((await sandbox.ctx(["recover"])).stderr).toBe("no pending runs\n");
});

test("does not recover from a record outside its own folder", async () => {
  await using sandbox = await Sandbox.create();
  const record = join(sandbox.work, "planted.json");
  await writeFile(record, "{}");
  const { status, stderr } = await sandbox.ctx(["recover", "--record", "planted.json"]);
  expect(status).toBe(1);
  expect(stderr).toStartWith(`error: \`${record}\` does not describe a pending run\n\nhint: pending runs are kept in `);
});

async function recordOf(sandbox: Sandbox): Promise<string> {
  const [name] = await pendingIn(sandbox);
  const folder = join(sandbox.env.XDG_STATE_HOME ?? "", "ai-code-sessions/pending");
  return name === undefined ? "" : await readFile(join(folder, name), "utf8");
}

function place({ work, env }: Sandbox) {
  return { cwd: work, env, stdin: "ignore", stderr: "ignore" } as const;
}
