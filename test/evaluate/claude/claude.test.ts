// What a real Claude Code does not do on demand, a fake executable does: refresh a login, be too old. test/clients
// tests the real one, codex.test.ts what is the same for every tool.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DigestCollector } from "../../../src/digest/collector.ts";
import { claude } from "../../../src/evaluate/claude/claude.ts";
import { dryRunCli, evaluateWithCli } from "../../../src/evaluate/cli-evaluation.ts";
import type { EvaluatorOptions } from "../../../src/evaluate/evaluator.ts";
import { about, evidence, prompt } from "../../digest/sample.ts";
import { waitForFile } from "../../wait-until.ts";
import { answers, FakeCodexHome } from "../codex/fake-codex.ts";

const PROGRAM = join(import.meta.dir, "../programs/evaluate.ts");
const HELP =
  "--json-schema --tools --setting-sources --settings --system-prompt --no-session-persistence --strict-mcp-config --mcp-config --bare --safe-mode".split(
    " ",
  );
const OUTPUT = JSON.stringify({
  is_error: false,
  structured_output: { summary: "Done.", bullets: ["It is done."], tags: [], notes: null },
});
const answer = `printf '%s' '${OUTPUT}'`;
const PATH = process.env.PATH ?? "";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ctx-claude-"));
  await mkdir(join(home, ".claude"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const credentials = () => join(home, ".claude/.credentials.json");

/** A `claude` that supports these options and runs these lines. */
async function fakeClaude(lines: string, help = HELP): Promise<string> {
  const path = join(home, "claude");
  const options = help.map((option) => `  ${option} <value>`).join("\\n");
  const queries = `case "$1" in --version) echo "9.9.9 (Claude Code)"; exit;; --help) printf '${options}\\n'; exit;; esac`;
  await writeFile(path, `#!/bin/sh\n${queries}\n${lines}\n`, { mode: 0o755 });
  return path;
}

function optionsOf(command: string, over: Partial<EvaluatorOptions> = {}): EvaluatorOptions {
  return { command, model: null, timeoutMs: 20_000, env: { PATH, HOME: home }, home, platform: "linux", ...over };
}

function digest() {
  const collector = new DigestCollector();
  collector.push(prompt("Fix it"));
  return collector.build(evidence(), about);
}

const evaluate = (command: string, over?: Partial<EvaluatorOptions>) =>
  evaluateWithCli(claude, digest(), optionsOf(command, over));

test("it works in an empty folder, with a private home that is removed afterwards", async () => {
  await writeFile(credentials(), '{"token":1}');
  await writeFile(join(home, ".claude/CLAUDE.md"), "be rude");
  await writeFile(join(home, ".claude.json"), '{"primaryApiKey":"k","mcpServers":{"spy":{}},"oauthAccount":{}}');
  const command = await fakeClaude(`
    { pwd; ls -A; ls -A "$HOME"; cd "$CLAUDE_CONFIG_DIR"; ls -A; ls -ld . .c* | cut -c 1-10; cat .claude.json; } > ${home}/report
    cat > ${home}/prompt
    ${answer}`);
  expect(await evaluate(command)).toMatchObject({ ok: true, evaluation: { evaluator: { version: "9.9.9" } } });
  const [cwd = "", ...rest] = (await readFile(join(home, "report"), "utf8")).trim().split("\n");
  expect(rest).toEqual([
    ".claude",
    ".claude.json",
    ".credentials.json",
    "drwx------",
    "-rw-------",
    "-rw-------",
    '{"hasCompletedOnboarding":true,"primaryApiKey":"k"}',
  ]);
  expect(await readFile(join(home, "prompt"), "utf8")).toContain("Fix it");
  expect(existsSync(dirname(cwd))).toBe(false);
  expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
});

describe("the login", () => {
  const refresh = `printf '{"token":"new"}' > "$CLAUDE_CONFIG_DIR/.credentials.json"\n`;

  test("is returned with mode 0600 if it was refreshed, also if the evaluation fails", async () => {
    for (const end of [answer, "exit 1"]) {
      await writeFile(credentials(), '{"token":"old"}', { mode: 0o644 });
      await evaluate(await fakeClaude(refresh + end));
      expect(await readFile(credentials(), "utf8")).toBe('{"token":"new"}');
      expect((await stat(credentials())).mode & 0o777).toBe(0o600);
    }
  });

  test("is not copied if there is a key", async () => {
    await writeFile(credentials(), '{"token":"old"}');
    const env = { PATH, HOME: home, ANTHROPIC_API_KEY: "k" };
    await evaluate(await fakeClaude(`ls -A "$CLAUDE_CONFIG_DIR" > ${home}/report; ${answer}`), { env });
    expect(await readFile(join(home, "report"), "utf8")).toBe(".claude.json\n");
  });

  test("is not returned if the user changed their own meanwhile", async () => {
    await writeFile(credentials(), '{"token":"old"}');
    await evaluate(await fakeClaude(`${refresh} printf '{"token":"user"}' > ${credentials()}; ${answer}`));
    expect(await readFile(credentials(), "utf8")).toBe('{"token":"user"}');
  });

  test("of a killed evaluation is returned by the next one, whatever its tool", async () => {
    await writeFile(credentials(), '{"token":"old"}');
    const hanging = await fakeClaude(`${refresh} echo $$ > ${home}/pid; exec sleep 60`);
    const child = Bun.spawn([process.execPath, PROGRAM, "claude", hanging, home], {
      env: { PATH, HOME: home },
      stdout: "ignore",
      stderr: "inherit",
    });
    await waitForFile(join(home, "pid"));
    child.kill("SIGKILL");
    await child.exited;
    process.kill(Number(await readFile(join(home, "pid"), "utf8")));
    const other = await FakeCodexHome.create();
    try {
      const codex = await other.fakeCodex(answers);
      await other.evaluate(codex, { env: { XDG_CACHE_HOME: join(home, ".cache") } });
    } finally {
      await other.remove();
    }
    expect(await readFile(credentials(), "utf8")).toBe('{"token":"new"}');
    expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
  });

  test("is read from the folder that the environment names", async () => {
    const other = join(home, "other");
    await mkdir(other);
    for (const name of ["CLAUDE_CONFIG_DIR", "CLAUDE_SECURESTORAGE_CONFIG_DIR"]) {
      await writeFile(join(other, ".credentials.json"), '{"token":"old"}');
      await evaluate(await fakeClaude(refresh + answer), { env: { PATH, HOME: home, [name]: other } });
      expect(await readFile(join(other, ".credentials.json"), "utf8")).toBe('{"token":"new"}');
    }
  });

  test("stays in the keychain of macOS: Claude Code gets its folder and the real home folder", async () => {
    await writeFile(credentials(), '{"token":"old"}');
    const report = join(home, "report");
    const command = await fakeClaude(
      `{ echo "$HOME|$CLAUDE_SECURESTORAGE_CONFIG_DIR|"; ls -A "$CLAUDE_CONFIG_DIR"; } > ${report}; ${answer}`,
    );
    await evaluate(command, { platform: "darwin" });
    expect(await readFile(report, "utf8")).toBe(`${home}||\n.claude.json\n`);
    const env = { PATH, HOME: home, CLAUDE_CONFIG_DIR: "/other" };
    await evaluate(command, { platform: "darwin", env });
    expect(await readFile(report, "utf8")).toStartWith(`${home}|/other|\n`);
    await evaluate(command, { platform: "darwin", env: { ...env, ANTHROPIC_API_KEY: "k" } });
    expect(await readFile(report, "utf8")).not.toStartWith(`${home}|`);
  });
});

test("only the settings of the model and its provider are kept", async () => {
  const report = join(home, "report");
  const command = await fakeClaude(
    `for given; do case "$given" in *settings.json) cat "$given"; echo;; esac; done > ${report}; env >> ${report}; ${answer}`,
  );
  const settings = {
    model: "opus",
    hooks: { Stop: [] },
    permissions: { allow: ["Bash"] },
    apiKeyHelper: "print-key",
    env: { CLAUDE_CODE_USE_BEDROCK: "1", AWS_REGION: "eu-1", ANTHROPIC_LOG: "debug", LD_PRELOAD: "/tmp/x", N: 1 },
  };
  await writeFile(join(home, ".claude/settings.json"), JSON.stringify(settings));
  const env = { PATH, HOME: home, AWS_PROFILE: "work", AWS_REGION: "us-1", GITHUB_TOKEN: "x", CLAUDECODE: "1" };
  expect(await evaluate(command, { env })).toMatchObject({ evaluation: { evaluator: { model: "opus" } } });
  const [own, ...variables] = (await readFile(report, "utf8")).trim().split("\n");
  expect(own).toBe('{"model":"opus","apiKeyHelper":"print-key","disableAllHooks":true}');
  const given = ["AWS_PROFILE=work", "AWS_REGION=eu-1", "CLAUDE_CODE_USE_BEDROCK=1", `HOME=${home}`];
  expect(variables).toEqual(expect.arrayContaining(given));
  expect(variables.join("\n")).not.toMatch(/ANTHROPIC_LOG|LD_PRELOAD|GITHUB_TOKEN|CLAUDECODE/);
  await writeFile(join(home, ".claude/settings.json"), "{");
  expect(await evaluate(command)).toMatchObject({ failure: { message: expect.stringContaining("`settings.json`") } });
});

test("a version that cannot be isolated is not run", async () => {
  for (const missing of HELP.filter((option) => !["--bare", "--safe-mode"].includes(option))) {
    const old = await fakeClaude(
      `touch ${home}/asked; ${answer}`,
      HELP.filter((option) => option !== missing),
    );
    expect(await evaluate(old)).toMatchObject({
      failure: { class: "other", message: `claude 9.9.9 does not support \`${missing}\` (update claude)` },
    });
  }
  expect(existsSync(join(home, "asked"))).toBe(false);
});

test("the command restricts Claude Code as far as the login allows", async () => {
  const command = await fakeClaude(answer);
  const argumentsFor = async (env: Record<string, string>, over: Partial<EvaluatorOptions> = {}) => {
    const { argv, unconfirmed } = await dryRunCli(claude, digest(), optionsOf(command, { env, ...over }));
    const shown = argv.slice(1).map((given) => (given.startsWith("{") ? Object.keys(JSON.parse(given)) : given));
    return { shown: shown.join(" ").replace(/\S+\/evaluator\/[^/ ]+/, "DIR"), unconfirmed };
  };
  const key = { PATH, HOME: home, ANTHROPIC_API_KEY: "k" };
  const withKey = await argumentsFor(key, { model: "--haiku" });
  expect(withKey.shown).toMatchInlineSnapshot(
    `"--print --output-format json --json-schema type,properties,required,additionalProperties --no-session-persistence --strict-mcp-config --mcp-config mcpServers --tools  --setting-sources  --settings DIR/settings.json --system-prompt You summarize one run of a coding agent, as the user's message asks. --bare --model=--haiku"`,
  );
  expect(withKey.unconfirmed).toEqual(["--bare"]);
  expect((await argumentsFor({ PATH, HOME: home })).unconfirmed).toEqual(["--safe-mode"]);
  await evaluate(command);
  expect((await argumentsFor(key)).unconfirmed).toEqual([]);
  await evaluate(
    await fakeClaude(
      answer,
      HELP.filter((option) => option !== "--bare"),
    ),
  );
  expect((await argumentsFor(key)).shown).toEndWith("--safe-mode");
});

test("a missing executable is reported as not found", async () => {
  expect(await evaluate("no-such-claude")).toMatchObject({ ok: false, failure: { class: "not_found" } });
  await expect(dryRunCli(claude, digest(), optionsOf("no-such-claude"))).rejects.toThrow("not installed");
});
