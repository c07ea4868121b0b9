// Every outcome of an evaluation, with the whole program: the export succeeds, the entry is written, a failure is reported,
// and no files or processes are left. With the real Codex where an outcome can be provoked, otherwise with a fake one.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmod, cp, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { entrySchema } from "../../src/changelog/entry.ts";
import type { FailureClass } from "../../src/evaluate/failure.ts";
import { run } from "../../src/system/spawn.ts";
import { CTX } from "../program.ts";
import { CODEX_VERSIONS, claudePath, codexPath, NEWEST_CLAUDE } from "./clients.ts";
import { type CodexSandbox, gitIn, prepareCodex } from "./codex-session.ts";
import { answerOf } from "./evaluation.ts";
import { startMessagesEndpoint } from "./messages-endpoint.ts";
import { startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

const RECORDING = resolve(import.meta.dir, "../fixtures/codex/0.169.0");
const truth = await Bun.file(join(RECORDING, "truth.json")).json();
const [window] = truth.windows;

const DESCRIPTION = { summary: "Fixed the cart.", bullets: ["Totals are right now."], tags: ["fix"], notes: null };
const ANSWER = JSON.stringify(answerOf(DESCRIPTION));
const OVERFLOW = { failed: { code: "context_length_exceeded", message: "too long" } };
const LIMIT = { type: "usage_limit_reached", message: "The usage limit has been reached", resets_at: 1_795_399_980 };

let home: string;
let repository: string;
let sandbox: CodexSandbox;
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-failures-")));
  repository = join(home, "shop");
  sandbox = await prepareCodex({ home, url: "http://127.0.0.1:9/v1" });
  await cp(join(RECORDING, "sessions"), join(sandbox.codexHome, "sessions"), { recursive: true });
  await gitIn(sandbox, home, "clone", "--quiet", join(RECORDING, "repo.bundle"), repository);
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Exports the recorded run with an evaluation, and expects the export to succeed. */
async function exportWith(command: string, timeout = "60", evaluator: "codex" | "claude" = "codex", variables = {}) {
  const result = await run(
    [
      ...([...CTX, "export-latest", "--tool", "codex", "--session-id", truth.session_id] as const),
      ...["--start", window.start, "--end", window.end, "--cwd", repository],
      ...["--changelog", "--changelog-actor", "ada"],
      ...["--changelog-evaluator", evaluator, "--changelog-timeout", timeout],
    ],
    { cwd: home, env: { ...sandbox.env, [`CTX_${evaluator.toUpperCase()}_CMD`]: command, ...variables } },
  );
  expect(result).toMatchObject({ code: 0, stdout: expect.stringContaining(join(repository, ".codex/sessions")) });
  const entries = (await rowsOf("entries.jsonl")).map((row) => entrySchema.parse(row));
  expect(entries).toHaveLength(1);
  expect(entries[0]?.commits).toHaveLength(1);
  return { evaluator: entries[0]?.evaluator, failures: await rowsOf("failures.jsonl"), stderr: result.stderr };
}

async function rowsOf(name: string): Promise<Record<string, unknown>[]> {
  const file = Bun.file(join(repository, ".changelog/ada", name));
  if (!(await file.exists())) return [];
  return (await file.text())
    .trimEnd()
    .split("\n")
    .map((row) => JSON.parse(row));
}

async function expectFailure(codex: string, failure: { class: FailureClass; retryAt?: string }, timeout?: string) {
  const { evaluator, failures, stderr } = await exportWith(codex, timeout);
  expect(failures).toMatchObject([
    {
      class: failure.class,
      evaluator: "codex",
      retry_at: failure.retryAt ?? null,
      message: expect.stringMatching(/\w/),
    },
  ]);
  expect(JSON.stringify(failures)).not.toContain(home);
  expect(evaluator).toMatchObject({ name: "builtin", model: null, digest: null });
  expect(stderr).toContain(
    failure.class === "bad_output"
      ? "the model's answer could not be used"
      : `codex could not evaluate the run (${failure.class})`,
  );
  await expectNothingLeft();
}

/** Expects that no isolated home is left, and that no process started in one still runs. */
async function expectNothingLeft() {
  const homes = join(home, ".cache/ai-code-sessions/evaluator");
  expect(await readdir(homes).catch(() => [])).toEqual([]);
  const { stdout } = await run(["ps", "-A", "-ww", "-o", "args="]);
  expect(stdout).toContain("ps -A");
  expect(stdout).not.toContain(homes);
}

async function withModel(script: Script, action: () => Promise<void>): Promise<void> {
  const endpoint = await startResponsesEndpoint(script);
  try {
    await prepareCodex({ home, url: endpoint.url, settings: 'model = "gpt-5.5"' });
    await action();
  } finally {
    await endpoint.stop();
  }
}

const ANSWERED: [name: string, script: Script, digest: "full" | "budget"][] = [
  ["an answer", [{ say: ANSWER }], "full"],
  ["an answer in a fence", [{ say: `Here it is:\n\`\`\`json\n${ANSWER}\n\`\`\`` }], "full"],
  ["one context overflow", [OVERFLOW, { say: ANSWER }], "budget"],
];

const FAILED: [name: string, script: Script, failure: { class: FailureClass; retryAt?: string }][] = [
  [
    "a usage limit",
    [{ status: 429, body: { error: LIMIT } }],
    { class: "usage_limit", retryAt: "2026-11-23T02:13:00.000Z" },
  ],
  ["a rate limit", [{ status: 429, body: {} }], { class: "usage_limit" }],
  ["a used-up quota", [{ failed: { code: "insufficient_quota", message: "no" } }], { class: "usage_limit" }],
  ["a second context overflow", [OVERFLOW], { class: "context_overflow" }],
  ["a wrong key", [{ status: 401, body: { error: { message: "Incorrect API key provided" } } }], { class: "auth" }],
  ["a broken server", [{ status: 500, body: {} }], { class: "other" }],
  ["prose", [{ say: "Sure! I would rather not." }], { class: "bad_output" }],
  ["half an answer", [{ say: ANSWER.slice(0, -20) }], { class: "bad_output" }],
];

for (const version of CODEX_VERSIONS) {
  describe(`Codex ${version}`, () => {
    test.each(ANSWERED)(
      "%s becomes an entry by Codex",
      async (_, script, digest) => {
        await withModel(script, async () => {
          const { evaluator, failures } = await exportWith(codexPath(version));
          expect(evaluator).toMatchObject({ name: "codex", model: "gpt-5.5", version, digest, output_tokens: 50 });
          expect(failures).toEqual([]);
          await expectNothingLeft();
        });
      },
      90_000,
    );

    test.each(FAILED)(
      "%s becomes a failure and a builtin entry",
      async (_, script, failure) => {
        await withModel(script, () => expectFailure(codexPath(version), failure));
      },
      90_000,
    );

    test("a model that never answers times out, and all processes are ended", async () => {
      await withModel([{ say: ANSWER, delayMs: 60_000 }], () =>
        expectFailure(codexPath(version), { class: "timeout" }, "2.5"),
      );
    }, 90_000);

    test("a model that cannot be reached is a failure", async () => {
      const { class: failureClass } = await failureWithoutModel(codexPath(version));
      expect(failureClass).toBeOneOf(["timeout", "other"]);
      await expectNothingLeft();
    }, 90_000);
  });
}

/** No server listens at the address of the provider: if Codex waits for it, the time limit ends Codex. */
async function failureWithoutModel(codex: string): Promise<Record<string, unknown>> {
  const { evaluator, failures } = await exportWith(codex, "4");
  expect(evaluator).toMatchObject({ name: "builtin" });
  return failures[0] ?? {};
}

describe("a fake Codex", () => {
  const fake = async (lines: string, mode = 0o755): Promise<string> => {
    const path = join(home, "fake-codex");
    const help = `  "exec --help") printf '      --json\\n      --output-schema <FILE>\\n'; exit;;`;
    await writeFile(path, `#!/bin/sh\ncase "$*" in\n  --version) echo 9.9.9; exit;;\n${help}\nesac\n${lines}\n`);
    await chmod(path, mode);
    return path;
  };

  test("that ignores SIGTERM is killed with its children", async () => {
    const codex = await fake(
      `trap '' TERM INT HUP; sleep 71.5 & echo $! > ${home}/child; while :; do sleep 71.6; done`,
    );
    await expectFailure(codex, { class: "timeout" }, "0.5");
    const child = (await readFile(join(home, "child"), "utf8")).trim();
    const { stdout } = await run(["ps", "-o", "stat=", "-p", child]);
    expect(stdout.trim()).toMatch(/^(?:Z.*)?$/);
  }, 60_000);

  test.each<[string, () => Promise<string>]>([
    ["does not exist", async () => join(home, "nope")],
    ["is not on the path", async () => "no-such-codex"],
    ["is not executable", () => fake("exit 0", 0o644)],
    ["is a folder", async () => home],
  ])(
    "that %s",
    async (_, codex) => {
      await expectFailure(await codex(), { class: "not_found" });
    },
    60_000,
  );

  test("that crashes is reported with its error output", async () => {
    await expectFailure(await fake("echo 'thread main panicked at src/x.rs' >&2; kill -SEGV $$"), { class: "other" });
    expect(await rowsOf("failures.jsonl")).toMatchObject([{ message: "thread main panicked at src/x.rs" }]);
  }, 60_000);
});

describe("Claude Code", () => {
  test("evaluates a session of Codex and leaves no log", async () => {
    const endpoint = await startMessagesEndpoint([
      { call: { name: "StructuredOutput", arguments: answerOf(DESCRIPTION) } },
    ]);
    try {
      const variables = { ANTHROPIC_BASE_URL: endpoint.url, ANTHROPIC_API_KEY: "sk-ant-nobody" };
      const { evaluator, failures } = await exportWith(claudePath(NEWEST_CLAUDE), "60", "claude", variables);
      expect(evaluator).toMatchObject({ name: "claude", version: NEWEST_CLAUDE, cost_usd: expect.any(Number) });
      expect(failures).toEqual([]);
    } finally {
      await endpoint.stop();
    }
    expect((await readdir(home)).filter((name) => name.startsWith(".claude"))).toEqual([]);
    await expectNothingLeft();
  }, 60_000);

  test("that does not exist becomes a failure and a builtin entry", async () => {
    const { evaluator, failures, stderr } = await exportWith("no-such-claude", "60", "claude");
    expect(failures).toMatchObject([{ class: "not_found", evaluator: "claude" }]);
    expect(evaluator).toMatchObject({ name: "builtin" });
    expect(stderr).toContain("claude could not evaluate the run (not_found)");
  }, 60_000);
});
