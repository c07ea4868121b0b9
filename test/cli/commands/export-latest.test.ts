// `ctx find-source` and `ctx export-latest` on a session recorded with the real Codex.
import { expect, test } from "bun:test";
import { cp, readdir, readFile, realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Sandbox } from "../sandbox.ts";

const RECORDING = resolve(import.meta.dir, "../../fixtures/codex/0.169.0");
const truth = await Bun.file(join(RECORDING, "truth.json")).json();
const [first] = truth.windows;

/** A sandbox with the recording in its Codex home and the recorded repository as its working folder. */
async function recorded(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await cp(join(RECORDING, "sessions"), join(sandbox.env.CODEX_HOME ?? "", "sessions"), { recursive: true });
  await sandbox.run(["git", "clone", "-q", join(RECORDING, "repo.bundle"), sandbox.work]);
  return sandbox;
}

const FIND = ["find-source", "--tool", "codex", "--session-id", truth.session_id];
const EXPORT = [
  ...["export-latest", "--tool", "codex", "--session-id", truth.session_id],
  ...["--start", first.start, "--end", first.end],
];
const RECORD = [...EXPORT, "--changelog", "--changelog-actor", "ada", "--changelog-evaluator", "builtin"];

test("find-source prints only the path", async () => {
  await using sandbox = await recorded();
  const { status, stdout, stderr } = await sandbox.ctx(FIND);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toEndWith(`-${truth.session_id}.jsonl\n`);
  expect(await realpath(stdout.trimEnd())).toBe(stdout.trimEnd());
});

test("find-source writes how it chose as JSON and to a file", async () => {
  await using sandbox = await recorded();
  const { stdout } = await sandbox.ctx([...FIND, "--json", "--debug-json", "why.json"]);
  const match = JSON.parse(stdout);
  expect(match).toMatchObject({ tool: "codex", sessionId: truth.session_id, rule: "session-id" });
  expect(JSON.parse(await readFile(join(sandbox.work, "why.json"), "utf8"))).toEqual(match);
});

test("find-source fails when no log is found", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(FIND);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error: ");
});

test("export-latest prints the session directory on standard output and messages on standard error", async () => {
  await using sandbox = await recorded();
  const { status, stdout, stderr } = await sandbox.ctx([...RECORD, "--label", "Fix cart"]);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\/.*\/\.codex\/sessions\/2026-11-22-0615_Fix_cart\n$/);
  expect(stderr).toContain("recorded an entry in `");
  expect(await readdir(stdout.trimEnd())).toContain("export_runs.jsonl");
});

test("export-latest --json prints the whole result", async () => {
  await using sandbox = await recorded();
  const { stdout } = await sandbox.ctx([...RECORD, "--json", "--quiet"]);
  expect(JSON.parse(stdout)).toMatchObject({
    sessionDir: expect.any(String),
    source: { path: expect.any(String) },
    run: { runId: expect.stringMatching(/^[0-9a-f]{16}$/) },
    changelog: { status: "recorded", evaluator: "builtin" },
  });
});

test("exporting the same window again adds no entry and says so", async () => {
  await using sandbox = await recorded();
  const { stdout } = await sandbox.ctx(RECORD);
  const again = await sandbox.ctx(RECORD);
  expect(again).toMatchObject({ status: 0, stdout });
  expect(again.stderr).toContain("this run already has an entry");
  const entries = await readFile(join(sandbox.work, ".changelog/ada/entries.jsonl"), "utf8");
  expect(entries.trimEnd().split("\n")).toHaveLength(1);
});

test("--quiet prints nothing on success", async () => {
  await using sandbox = await recorded();
  expect(await sandbox.ctx([...RECORD, "--quiet"])).toMatchObject({ status: 0, stderr: "" });
});

test("--no-changelog overrides the environment", async () => {
  await using sandbox = await recorded();
  const { stderr } = await sandbox.ctx([...EXPORT, "--no-changelog"], { env: { CTX_CHANGELOG: "1" } });
  expect(stderr).toContain("no entry requested");
  expect(await readdir(sandbox.work)).not.toContain(".changelog");
});

test("-o sets the session directory", async () => {
  await using sandbox = await recorded();
  const { stdout } = await sandbox.ctx([...EXPORT, "--no-changelog", "-o", "here"]);
  expect(stdout).toBe(`${join(await realpath(sandbox.work), "here")}\n`);
  expect(await readdir(join(sandbox.work, "here"))).toContain("source_match.json");
});
