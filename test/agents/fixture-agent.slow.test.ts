// Every command works with a tool that `src/` does not name, once its agent is registered.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, realpath, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { registerAgent } from "../../src/agents/registry.ts";
import { findLog } from "../../src/sessions/log-file.ts";
import { readEvents } from "../../src/sessions/read.ts";
import { Sandbox } from "../cli/sandbox.ts";
import { echo } from "./fixture-agent/agent.ts";
import { logPath } from "./fixture-agent/paths.ts";

const FIXTURE = resolve(import.meta.dir, "fixture-agent");
const PROGRAM = [
  process.execPath,
  "--preload",
  join(FIXTURE, "register.ts"),
  resolve(import.meta.dir, "../../src/main.ts"),
];
const [EXPORTED, SYNCED] = ["3f1e9a52-0000-4000-8000-000000000001", "3f1e9a52-0000-4000-8000-000000000002"] as const;

let sandbox: Sandbox;
let home: string;
let work: string;
beforeAll(async () => {
  sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  home = join(sandbox.root, "echo-home");
  work = await realpath(sandbox.work);
  const bin = join(sandbox.root, "bin", "echo-agent");
  await mkdir(dirname(bin));
  await writeFile(bin, `#!/bin/sh\nexec "${process.execPath}" "${join(FIXTURE, "tool.ts")}" "$@"\n`);
  await chmod(bin, 0o755);
  const path = `${dirname(bin)}:${sandbox.env.PATH}`;
  Object.assign(sandbox.env, { PATH: path, ECHO_HOME: home, CTX_CHANGELOG: "1", CTX_CHANGELOG_EVALUATOR: "builtin" });
});
afterAll(() => sandbox[Symbol.asyncDispose]());

const ctx = (...args: string[]) => sandbox.run([...PROGRAM, ...args]);

/** Runs `ctx` and returns its JSON result. */
async function ctxJson(...args: string[]): Promise<unknown> {
  const { status, stdout, stderr } = await ctx(...args, "--json");
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout);
}

async function entries(): Promise<{ tool: string; session_id: string; touched_files: { created: string[] } }[]> {
  const { stdout } = await sandbox.run(["sh", "-c", "cat .changelog/*/entries.jsonl"]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A session that ended two hours ago and was started without `ctx`. */
async function writeSession(id: string, file: string): Promise<string> {
  const at = (second: number) => new Date(Date.now() - 7_200_000 + second * 1_000).toISOString();
  const path = logPath(home, id);
  await mkdir(dirname(path), { recursive: true });
  const records = [
    { type: "start", id, cwd: work, at: at(0) },
    { type: "ask", text: `Write ${file}`, at: at(1) },
    { type: "write", path: join(work, file), at: at(2) },
    { type: "say", text: "It is done.", at: at(3) },
  ];
  await writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  await writeFile(join(work, file), "done\n");
  return path;
}

test("the wrapper runs the tool with an id it chose, then exports and records the run", async () => {
  const { status, stdout } = await ctx("Fix cart", "--echo", "Fix", "cart");
  expect({ status, stdout }).toEqual({
    status: 3,
    stdout: expect.stringMatching(/^--session [\da-f-]{36} Fix cart\n$/),
  });
  const [entry] = await entries();
  expect(entry).toMatchObject({ tool: "echo", label: "Fix cart", touched_files: { created: ["cart.txt"] } });
  expect(entry).toMatchObject({ session_dir: expect.stringMatching(/^\.echo\/sessions\/.*_Fix_cart$/) });
});

test("export-latest, then backfill records the exported run", async () => {
  const source = await writeSession(EXPORTED, "exported.txt");
  const args = ["export-latest", "--tool", "echo", "--session-id", EXPORTED, "--no-changelog"];
  const exported = await ctxJson(...args);
  expect(exported).toMatchObject({ source: { tool: "echo", path: source, rule: "session-id" } });
  await ctxJson("changelog", "backfill");
  expect(await entries()).toContainEqual(
    expect.objectContaining({
      tool: "echo",
      session_id: EXPORTED,
      evaluator: expect.objectContaining({ name: "builtin" }),
    }),
  );
});

test("sync records a session from its native log", async () => {
  await writeSession(SYNCED, "synced.txt");
  await ctxJson("changelog", "sync", "--echo");
  const ids = (await entries()).map(({ session_id }) => session_id);
  expect(ids.filter((id) => id === SYNCED)).toHaveLength(1);
  expect(ids).toHaveLength(3);
});

test("the archive lists the sessions under the name of the tool", async () => {
  const { status, stdout } = await ctx("archive");
  expect(status).toBe(0);
  const page = await readFile(stdout.trim(), "utf8");
  expect(page.match(/, Echo, |Echo/g)?.length).toBeGreaterThanOrEqual(2);
});

test("resume continues the most recent session and records what is new in it", async () => {
  const { status, stdout } = await ctx("resume", "echo", "--latest", "--", "Add", "stock");
  expect(status).toBe(3);
  expect(stdout).toMatch(/^--resume [\da-f-]{36} Add stock\n$/);
  const id = stdout.split(" ")[1] ?? "";
  const own = (await entries()).filter((entry) => entry.session_id === id);
  expect(own.map(({ touched_files }) => touched_files.created)).toEqual([["cart.txt"], ["stock.txt"]]);
});

test("flags, settings and help name the tool", async () => {
  expect((await ctx("export-latest", "--help")).stdout).toContain("codex|claude|echo");
  expect((await ctx("changelog", "sync", "--help")).stdout).toContain("Echo");
  expect((await ctx("config", "show")).stdout).toContain("ctx.echo_cmd");
  expect((await ctx("--help")).stdout).toContain("--echo");
});

test("a log is recognized by its contents in this process too", async () => {
  const unregister = registerAgent(echo);
  try {
    const path = await writeSession(EXPORTED, "exported.txt");
    expect(existsSync(path)).toBe(true);
    const log = await findLog(path);
    expect(log.tool).toBe("echo");
    const kinds: string[] = [];
    await readEvents(log, { from: 0, to: Number.POSITIVE_INFINITY }, ({ kind }) => kinds.push(kind));
    expect(kinds).toEqual(["prompt", "edit", "reply"]);
  } finally {
    unregister();
  }
});
