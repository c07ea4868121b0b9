// What only the built program can show:
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, HOST } from "../../scripts/build.ts";
import { Sandbox } from "./sandbox.ts";

let outdir = "";
/** A source archive contains no git commit. */
const isCheckout = existsSync(join(import.meta.dir, "../../.git"));
const program = (name = "ctx") => join(outdir, name);

beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "ctx-built-"));
  await build({ target: HOST, outdir });
}, 60_000);

afterAll(async () => {
  await rm(outdir, { recursive: true, force: true });
});

test("`--version` prints the name it was called by, the commit and the target", async () => {
  await using sandbox = await Sandbox.create();
  for (const name of ["ctx", "ai-code-sessions"]) {
    const { status, stdout } = await sandbox.run([program(name), "--version", "--json"]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      name,
      version: expect.any(String),
      commit: expect.stringMatching(isCheckout ? /^[0-9a-f]{10,}(-dirty)?$/ : /^unknown$/),
      target: HOST.slice("bun-".length),
    });
  }
});

test("both names work on PATH", async () => {
  await using sandbox = await Sandbox.create();
  const { stdout } = await sandbox.run(["sh", "-c", "ctx --help; ai-code-sessions --help"], {
    env: { PATH: `${outdir}:${sandbox.env.PATH}` },
  });
  expect(stdout).toContain("Usage: ctx <command>");
  expect(stdout).toContain("Usage: ai-code-sessions <command>");
});

test("contains every command", async () => {
  await using sandbox = await Sandbox.create();
  const { stdout } = await sandbox.run([program(), "--help"]);
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+) {2}/gm)].map(([, name = ""]) => name);
  expect(commands).toContain("export-latest");
  for (const command of commands) {
    expect(await sandbox.run([program(), command, "--help"])).toMatchObject({ status: 0, stderr: "" });
  }
});

test("receives `--` as its first argument", async () => {
  await using sandbox = await Sandbox.create();
  // `bun src/main.ts -- x` does not pass the dashes on.
  const { status, stderr } = await sandbox.run([program(), "--", "find-source"]);
  expect(status).toBe(2);
  expect(stderr).toStartWith("error: unexpected argument `find-source`\n");
});

test("does not load `.env` from the current folder", async () => {
  await using sandbox = await Sandbox.create();
  await writeFile(join(sandbox.work, ".env"), "CLICOLOR_FORCE=1\n");
  const env = { NO_COLOR: "" };
  expect((await sandbox.run([program(), "--help"], { env })).stdout).not.toContain("\u001b[");
  const asked = await sandbox.run([program(), "--help"], { env: { ...env, CLICOLOR_FORCE: "1" } });
  expect(asked.stdout).toContain("\u001b[");
});

test("does not run a preload from the current folder's bunfig.toml", async () => {
  await using sandbox = await Sandbox.create();
  await writeFile(join(sandbox.work, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
  await writeFile(
    join(sandbox.work, "evil.ts"),
    'import { writeFileSync } from "node:fs"; writeFileSync("ran", "");\n',
  );
  for (const args of [["--version"], ["--help"], ["find-source", "--tool", "codex"]]) {
    await sandbox.run([program(), ...args]);
  }
  expect((await readdir(sandbox.work)).sort()).toEqual(["bunfig.toml", "evil.ts"]);
});
