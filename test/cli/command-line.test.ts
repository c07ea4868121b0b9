// Options and errors that all commands share.
import { expect, test } from "bun:test";
import { mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { TOOLS } from "../../src/agents/registry.ts";
import { CTX, SOURCES } from "../program.ts";
import { Sandbox } from "./sandbox.ts";

test.each([["--version"], ["-V"]])("%s prints version, commit and target on one line", async (flag) => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.run([...SOURCES, flag]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toBe(`ctx ${packageJson.version} (source ${process.platform}-${process.arch})\n`);
});

test("--version --json prints the same as JSON", async () => {
  await using sandbox = await Sandbox.create();
  for (const args of [
    ["--version", "--json"],
    ["--json", "--version"],
  ]) {
    const { status, stdout } = await sandbox.run([...SOURCES, ...args]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      name: "ctx",
      version: packageJson.version,
      commit: "source",
      target: `${process.platform}-${process.arch}`,
    });
  }
});

test("without a command, the help page goes to standard error and the exit status is 2", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx([]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain("Commands:");
});

test.each([
  [["find-sorce"], "unknown command `find-sorce`", "did you mean `find-source`?"],
  [["exportlatest"], "unknown command `exportlatest`", "did you mean `export-latest`?"],
  [["export"], "unknown command `export`", "run `ctx --help`"],
  [["toString"], "unknown command `toString`", "run `ctx --help`"],
  [["__proto__"], "unknown command `__proto__`", "run `ctx --help`"],
  [["--versoin"], "unknown flag `--versoin`", "did you mean `--version`?"],
  [["help", "find-sorce"], "unknown command `find-sorce`", "did you mean `find-source`?"],
  [["find-source", "--tool"], "`--tool` needs a value", "run `ctx find-source --help`"],
  [["find-source", "--tol", "codex"], "unknown flag `--tol`", "did you mean `--tool`?"],
  [["find-source"], "`--tool` is required", `one of: ${TOOLS.map((tool) => `\`${tool}\``).join(", ")}`],
  [
    ["find-source", "--tool", "codex", "-qv"],
    "`--quiet` and `--verbose` cannot be used together",
    "run `ctx find-source --help`",
  ],
  [["find-source", "--tool", "codex", "--", "--help"], "unexpected argument `--help`", "run `ctx find-source --help`"],
])("%j is wrong usage: %s", async (args, message, hint) => {
  await using sandbox = await Sandbox.create();
  expect(await sandbox.ctx(args)).toMatchObject({
    status: 2,
    stdout: "",
    stderr: `error: ${message}\n\nhint: ${hint}\n`,
  });
});

test("a wrong time names the flag, what was given and an example", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stderr } = await sandbox.ctx(["find-source", "--tool", "codex", "--start", "yesterday"]);
  expect(status).toBe(2);
  expect(stderr).toBe(
    "error: `--start` must be an ISO 8601 date and time, not `yesterday`\n\nhint: for example `--start 2026-11-22T06:15:00Z`\n",
  );
});

test("an error that the user can fix exits 1 and prints no stack", async () => {
  await using sandbox = await Sandbox.create();
  const { status, stdout, stderr } = await sandbox.ctx(["find-source", "--tool", "codex"]);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toStartWith("error: ");
  expect(stderr).not.toContain("    at ");
});

test("a deleted current folder is not reported as a bug", async () => {
  await using sandbox = await Sandbox.create();
  const gone = join(sandbox.root, "gone");
  await mkdir(gone);
  const script = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const args = [...CTX, "find-source", "--tool", "codex"];
  const { status } = await sandbox.run(["sh", "-c", script, "sh", gone, ...args]);
  expect(status).toBe(1);
});

test("help shows the name it was called by", async () => {
  await using sandbox = await Sandbox.create();
  const name = join(sandbox.root, "ai-code-sessions");
  await symlink(process.execPath, name);
  const { stdout } = await sandbox.run([name, ...SOURCES.slice(1), "--help"]);
  await rm(name);
  expect(stdout).toContain("Usage: ai-code-sessions <command>");
});

test("messages are colored only on a terminal or when forced", async () => {
  await using sandbox = await Sandbox.create();
  const plain = await sandbox.ctx(["nope"], { env: { NO_COLOR: "" } });
  expect(plain.stderr).not.toContain("\u001b[");
  const forced = await sandbox.ctx(["nope"], { env: { NO_COLOR: "", CLICOLOR_FORCE: "1" } });
  expect(forced.stderr).toStartWith("\u001b[31merror:\u001b[39m ");
});

test("messages are printed under any NODE_ENV", async () => {
  await using sandbox = await Sandbox.create();
  const { stderr } = await sandbox.ctx(["nope"], { env: { NODE_ENV: "test", CI: "1", TEST: "1" } });
  expect(stderr).toContain("unknown command");
});
