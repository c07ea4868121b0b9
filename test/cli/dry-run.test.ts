// `ctx export-latest --dry-run`.
import { expect, test } from "bun:test";
import { cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Sandbox } from "./sandbox.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const truth = await Bun.file(join(RECORDING, "truth.json")).json();
const [first] = truth.windows;
const WINDOW = ["--session-id", truth.session_id, "--start", first.start, "--end", first.end];
const DRY_RUN = ["export-latest", "--tool", "codex", ...WINDOW, "--dry-run"];

/** A recording, its repository, and a `codex` that creates a file when it runs. */
async function recorded(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  const codexHome = sandbox.env.CODEX_HOME ?? "";
  await cp(join(RECORDING, "sessions"), join(codexHome, "sessions"), { recursive: true });
  await sandbox.run(["git", "clone", "-q", join(RECORDING, "repo.bundle"), sandbox.work]);
  await mkdir(join(sandbox.root, "bin"));
  await writeFile(join(sandbox.root, "bin/codex"), `#!/bin/sh\ntouch ${sandbox.root}/RAN\n`, { mode: 0o755 });
  await writeFile(
    join(codexHome, "config.toml"),
    'model_provider = "corp"\n[model_providers.corp]\nenv_key = "CORP_KEY"\n',
  );
  return sandbox;
}

const KEY = "sk-never-to-be-shown";
const withCodex = (sandbox: Sandbox) => ({
  env: { PATH: `${join(sandbox.root, "bin")}:${sandbox.env.PATH}`, CORP_KEY: KEY },
});

/** Every file and folder, except the caches of the Bun that runs the sources. */
async function everything(sandbox: Sandbox): Promise<string[]> {
  const all = await readdir(sandbox.root, { recursive: true });
  return all
    .filter((path) => !path.includes("@t@") && !/^home\/\.(?:bun|cache)(?:\/(?:bun|install|\.bun).*)?$/.test(path))
    .sort();
}

test("prints the command, its variable names and the prompt, and runs and writes nothing", async () => {
  await using sandbox = await recorded();
  const before = await everything(sandbox);
  const { status, stdout, stderr } = await sandbox.ctx([...DRY_RUN, "--changelog", "--json"], withCodex(sandbox));
  expect(status).toBe(0);
  expect(await everything(sandbox)).toEqual(before);

  const { source, wanted, evaluation } = JSON.parse(stdout);
  expect({ source, wanted }).toEqual({ source: expect.stringContaining(truth.session_id), wanted: true });
  const [executable, ...args] = evaluation.argv;
  expect(executable).toBe(join(sandbox.root, "bin/codex"));
  expect(args.join(" ").replaceAll(/\S+\/(?:evaluator\/[^/ ]+|ctx-[0-9a-f]{16})/g, "DIR")).toMatchInlineSnapshot(
    `"exec -C DIR/work --sandbox read-only --skip-git-repo-check --output-schema DIR/schema.json --output-last-message DIR/answer --json --ephemeral --ignore-rules -"`,
  );
  expect(evaluation.env).toEqual(expect.arrayContaining(["CODEX_HOME", "CORP_KEY", "HOME", "PATH"]));
  expect(evaluation.prompt).toContain('"schema":"ctx-digest-1"');
  expect(evaluation.prompt).toContain("Fix the empty cart");
  expect(stdout + stderr).not.toContain(KEY);
  expect(stderr).toContain("this version of `codex` has not been checked for its options");
});

test("prints the same as text on standard output", async () => {
  await using sandbox = await recorded();
  const { stdout, stderr } = await sandbox.ctx([...DRY_RUN, "--changelog-model", "a b"], withCodex(sandbox));
  const headings = stdout.split("\n").filter((line) => /^\S/.test(line));
  expect(headings).toEqual(["command:", "folder:", "environment:", "prompt:"]);
  expect(stdout).toContain(` '--model=a b' -\n`);
  expect(stdout).toContain("\n  CORP_KEY\n");
  expect(stdout + stderr).not.toContain(KEY);
  expect(stderr).toContain("no entry would be recorded: add `--changelog`");
});

test("prints the command of claude with its own executable", async () => {
  await using sandbox = await recorded();
  const command = join(sandbox.root, "bin/codex");
  const before = await everything(sandbox);
  const { status, stdout, stderr } = await sandbox.ctx([...DRY_RUN, "--changelog-evaluator", "claude", "--json"], {
    env: { CTX_CLAUDE_CMD: command, ANTHROPIC_API_KEY: KEY },
  });
  expect(status).toBe(0);
  expect(await everything(sandbox)).toEqual(before);
  const { evaluator, argv, env, prompt } = JSON.parse(stdout).evaluation;
  expect({ evaluator, argv: argv.slice(0, 2) }).toEqual({ evaluator: "claude", argv: [command, "--print"] });
  expect(env).toEqual(expect.arrayContaining(["ANTHROPIC_API_KEY", "CLAUDE_CONFIG_DIR"]));
  expect(prompt).toContain("Fix the empty cart");
  expect(argv.join(" ")).not.toContain("Fix the empty cart");
  expect(stdout + stderr).not.toContain(KEY);
  expect(stderr).toContain("this version of `claude` has not been checked for its options");
});

test("prints what builtin would write", async () => {
  await using sandbox = await recorded();
  const before = await everything(sandbox);
  const builtin = [...DRY_RUN, "--changelog-evaluator", "builtin"];
  const { stdout, stderr } = await sandbox.ctx([...builtin, "--json"]);
  expect(JSON.parse(stdout).evaluation).toMatchObject({
    evaluator: "builtin",
    verdict: { summary: expect.any(String), tags: ["fix"] },
  });
  expect(stderr).toContain("`builtin` uses no command and no model");
  expect((await sandbox.ctx(builtin)).stdout).toStartWith("entry:\n  ");
  expect(await everything(sandbox)).toEqual(before);
});

test("reports a codex that is not installed", async () => {
  await using sandbox = await recorded();
  const missing = await sandbox.ctx(DRY_RUN, { env: { CTX_CODEX_CMD: "no-such-codex" } });
  expect(missing).toMatchObject({ status: 1, stdout: "" });
  expect(missing.stderr).toContain("`no-such-codex` is not installed or not executable");
});
