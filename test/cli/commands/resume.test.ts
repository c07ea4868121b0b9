// `ctx resume` without a terminal; test/clients covers the list.
import { expect, test } from "bun:test";
import { chmod, mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { at, encode, event, meta } from "../../agents/codex/rollout.ts";
import { Sandbox } from "../sandbox.ts";

const [OLDER, NEWER] = ["01a201e4-cb84-7a11-a7c6-000000000001", "01a201e4-cb84-7a11-a7c6-000000000002"];

/** A sandbox whose working folder is a repository with two sessions, and whose tools print their arguments. */
async function withSessions(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  const cwd = await realpath(sandbox.work);
  await begin(sandbox, OLDER, cwd, 10);
  await begin(sandbox, NEWER, cwd, 20);
  const tool = join(sandbox.root, "tool");
  await writeFile(tool, '#!/bin/sh\nfor word in "$@"; do printf "<%s>" "$word"; done; pwd\nexit 7\n');
  await chmod(tool, 0o755);
  Object.assign(sandbox.env, { CTX_CODEX_CMD: tool, CTX_CLAUDE_CMD: tool });
  return sandbox;
}

async function begin({ env }: Sandbox, id: string, cwd: string, second: number): Promise<void> {
  const folder = join(env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(folder, { recursive: true });
  const prompt = event("user_message", { message: "Fix the cart" }, second);
  await writeFile(join(folder, `rollout-2026-11-22T06-00-00-${id}.jsonl`), encode(meta(id, { cwd }, second), prompt));
}

test("fails without a terminal, with a hint that works there", async () => {
  await using sandbox = await withSessions();
  expect(await sandbox.ctx(["resume", "codex"])).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: cannot ask which session to resume: there is no terminal\n\n" +
      "hint: use `--latest`, or list the sessions with `ctx resume codex --json` and run `ctx --codex resume ID`\n",
  });
});

test("--latest resumes the most recent session and passes the rest of the line to the tool", async () => {
  await using sandbox = await withSessions();
  const { status, stdout } = await sandbox.ctx(["resume", "codex", "--latest", "--", "-m", "x", "--", "--help", ""]);
  expect({ status, stdout }).toEqual({
    status: 7,
    stdout: `<resume><${NEWER}><-m><x><--><--help><>${await realpath(sandbox.work)}\n`,
  });
});

test("resumes a Claude Code session with its own flag", async () => {
  await using sandbox = await withSessions();
  const cwd = await realpath(sandbox.work);
  const path = join(sandbox.env.CLAUDE_CONFIG_DIR ?? "", "projects/work", `${OLDER}.jsonl`);
  await mkdir(dirname(path), { recursive: true });
  const message = { role: "user", content: "Fix it" };
  const place = { sessionId: OLDER, timestamp: at(0), cwd };
  await writeFile(path, encode({ type: "user", message, promptSource: "typed", ...place }));
  const { stdout } = await sandbox.ctx(["resume", "claude", "--latest", "--", "-p", "go"]);
  expect(stdout).toBe(`<--resume><${OLDER}><-p><go>${cwd}\n`);
});

test("--json lists the sessions and does not start the tool", async () => {
  await using sandbox = await withSessions();
  const { status, stdout, stderr } = await sandbox.ctx(["resume", "codex", "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject([
    { id: NEWER, label: "Fix the cart", prompts: 1, files: null, lastAt: at(20) },
    { id: OLDER },
  ]);
  expect(JSON.parse((await sandbox.ctx(["resume", "codex", "--json", "--latest"])).stdout)).toMatchObject([
    { id: NEWER },
  ]);
});

test("fails when there is no session", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(["resume", "claude", "--latest"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error: no Claude Code session started in `");
  expect(stderr).toContain('\n\nhint: start one with `ctx "label" --claude`');
  expect(await sandbox.ctx(["resume", "claude", "--json"])).toEqual({ status: 0, stdout: "[]\n", stderr: "" });
});

test("resumes a session of another repository in that repository", async () => {
  await using sandbox = await withSessions();
  const elsewhere = await realpath(sandbox.root);
  const { stdout, stderr } = await sandbox.ctx(["resume", "codex", "--latest", "--project-root", sandbox.work], {
    cwd: elsewhere,
  });
  expect(stdout).toBe(`<resume><${NEWER}>${await realpath(sandbox.work)}\n`);
  expect(stderr).toStartWith(`resuming in \`${await realpath(sandbox.work)}\`, where the session started\n`);
});

test.each([
  [["resume"], "`<TOOL>` is required"],
  [["resume", "cursor"], "unknown tool `cursor`"],
  [["resume", "codex", "--lates"], "unknown flag `--lates`"],
])("%j is wrong usage", async (args, problem) => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toStartWith(`error: ${problem}`);
});
