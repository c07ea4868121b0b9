// The real Claude Code as evaluator, with scripted endpoints: what it sends, how each answer is handled, and that it leaves
// no files. Independent evaluations run in parallel in one home folder, because each has its own isolated home.
import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DigestCollector } from "../../src/digest/collector.ts";
import { claude } from "../../src/evaluate/claude/claude.ts";
import { evaluateWithCli } from "../../src/evaluate/cli-evaluation.ts";
import type { EvaluationResult } from "../../src/evaluate/evaluator.ts";
import { about, command, evidence, prompt, reply } from "../digest/sample.ts";
import { prepareClaude } from "./claude-session.ts";
import { claudePath, NEWEST_CLAUDE } from "./clients.ts";
import { gitIn, writeFiles } from "./codex-session.ts";
import { answerOf } from "./evaluation.ts";
import { type MessagesScript, type MessagesStep, startMessagesEndpoint } from "./messages-endpoint.ts";

const DESCRIPTION = { summary: "Fixed the cart.", bullets: ["Totals are right now."], tags: ["fix"], notes: null };
const ANSWER: MessagesStep = { call: { name: "StructuredOutput", arguments: answerOf(DESCRIPTION) } };
const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
const LOGIN = {
  claudeAiOauth: {
    accessToken: "sk-ant-oat01-from-login",
    refreshToken: "sk-ant-ort01-nobody",
    expiresAt: Date.UTC(2100, 0),
    scopes: ["user:inference", "user:profile"],
    subscriptionType: "max",
  },
};

/** The home folder of the user. Whatever Claude Code reads there would be seen in a request. */
let home: string;
/** A file outside the home folder that a prompt mentions. */
let mentioned: string;
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), "ctx-evaluate-")));
  const sandbox = await prepareClaude({ home, url: "http://127.0.0.1:9", trusted: [] });
  const hook = [{ hooks: [{ type: "command", command: `touch ${home}/HOOKED` }] }];
  const server = { type: "stdio", command: "touch", args: [`${home}/SERVED`] };
  await writeFiles(home, {
    ".claude/CLAUDE.md": "RUDENESS",
    ".claude/commands/spy.md": "SPYING",
    ".claude/agents/spy.md": "---\nname: spy\ndescription: SPYING\n---\nSPYING",
    ".claude/skills/spy/SKILL.md": "---\nname: spy\ndescription: SPYING\n---\nSPYING",
    ".claude/output-styles/rude.md": "---\nname: rude\n---\nRUDENESS",
    ".claude/settings.json": JSON.stringify({
      hooks: { SessionStart: hook, UserPromptSubmit: hook, Stop: hook },
      outputStyle: "rude",
      enabledPlugins: { "spy@market": true },
      model: "claude-sonnet-5",
      env: { ANTHROPIC_CUSTOM_HEADERS: "X-Team: t1" },
    }),
    ".claude/.credentials.json": JSON.stringify(LOGIN),
    ".claude/.claude.json": JSON.stringify({ mcpServers: { spy: server }, oauthAccount: { emailAddress: "A@DA" } }),
    "CLAUDE.md": "RUDENESS",
    ".mcp.json": JSON.stringify({ mcpServers: { spy: server } }),
  });
  mentioned = join(await mkdtemp(join(tmpdir(), "ctx-mentioned-")), "notes.txt");
  await writeFile(mentioned, "PRIVATE");
  await gitIn(sandbox, home, "init", "--quiet");
  await gitIn(sandbox, home, "remote", "add", "origin", "https://git.example.com/PRIVATE-REMOTE.git");
});
afterAll(async () => {
  for (const folder of [home, dirname(mentioned)]) await rm(folder, { recursive: true, force: true });
});
afterEach(async () => {
  expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
});

const FORBIDDEN = [SECRET, "TELLTALE", "RUDENESS", "SPYING", "PRIVATE", "A@DA"];

interface EvaluateOptions {
  /** Default: a key in the environment. */
  login?: "key" | "file";
  turns?: number;
  timeoutMs?: number;
  executable?: string;
  platform?: NodeJS.Platform;
}

/** One evaluation with an endpoint of its own. */
async function evaluate(script: MessagesScript, options: EvaluateOptions = {}) {
  const endpoint = await startMessagesEndpoint(script);
  try {
    const { turns = 1, timeoutMs = 60_000, executable = claudePath(NEWEST_CLAUDE), platform } = options;
    const result = await evaluateWithCli(claude, digestOf(turns), {
      command: executable,
      model: null,
      timeoutMs,
      env: environmentFor(endpoint.url, options.login ?? "key"),
      home,
      ...(platform !== undefined && { platform }),
    });
    const asked = endpoint.requests.map((request) => JSON.stringify(request));
    for (const body of asked) for (const absent of [...FORBIDDEN, home]) expect(body).not.toContain(absent);
    return { result, asked, requests: endpoint.requests, headers: endpoint.headers, class: classOf(result) };
  } finally {
    await endpoint.stop();
  }
}

/** The environment, as inside a session of Claude Code. */
function environmentFor(url: string, login: "key" | "file"): Record<string, string> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, ".claude"),
    ANTHROPIC_BASE_URL: url,
    ...(login === "key" && { ANTHROPIC_API_KEY: "sk-ant-from-environment" }),
    CLAUDECODE: "1",
    CLAUDE_CODE_SESSION_ID: "33333333-3333-4333-8333-333333333333",
    TZ: "UTC",
  };
}

function digestOf(turns: number) {
  const collector = new DigestCollector();
  for (let turn = 0; turn < turns; turn++) {
    collector.push(prompt(`Part ${turn}: look at @${mentioned}, "@${dirname(mentioned)}/" and ${SECRET}, /spy`));
    collector.push(command(`ls part-${turn}`, { output: "TELLTALE" }));
    collector.push(command("npm test", { outcome: "failed", exitCode: 1, output: `it broke with ${SECRET}` }));
    collector.push(reply(`Part ${turn} is fine. ${"It is. ".repeat(100)}`));
  }
  return collector.build(evidence(), about);
}

function classOf(result: EvaluationResult): string {
  return result.ok ? "success" : result.failure.class;
}

async function userFiles(): Promise<string[]> {
  const all = await readdir(home, { recursive: true });
  return all.filter((path) => !path.startsWith(".cache")).sort();
}

test("an evaluation works with a key and with a login, and sends no files or settings of the user", async () => {
  const before = await userFiles();
  const [key, login, inPlace] = await Promise.all([
    evaluate([ANSWER]),
    evaluate([ANSWER], { login: "file" }),
    // On macOS the user's configuration folder is used in place, to reach the keychain; here the login is a file.
    evaluate([ANSWER], { login: "file", platform: "darwin" }),
  ]);
  for (const { result, requests, headers } of [key, login, inPlace]) {
    expect(result).toMatchObject({
      ok: true,
      evaluation: {
        description: DESCRIPTION,
        evaluator: {
          name: "claude",
          model: "claude-sonnet-5",
          version: NEWEST_CLAUDE,
          digest: "full",
          input_tokens: expect.any(Number),
          output_tokens: 50,
          cost_usd: expect.any(Number),
        },
        redactions: 2,
      },
    });
    expect(requests).toHaveLength(1);
    expect(headers[0]?.["x-team"]).toBe("t1");
    expect(JSON.stringify(headers)).not.toContain("33333333-3333");
    const offered = JSON.stringify(requests[0]?.tools?.map((tool) => Object(tool).name));
    expect(offered).toBeOneOf(['["StructuredOutput"]', '["DeferredToolPlaceholder","StructuredOutput"]']);
  }
  expect(key.asked[0]).toContain("it broke with [REDACTED:github-token]");
  expect(key.asked[0]).not.toContain("working directory");
  expect(key.headers[0]).toMatchObject({ "x-api-key": "sk-ant-from-environment" });
  expect(login.headers[0]).toMatchObject({ authorization: "Bearer sk-ant-oat01-from-login" });
  expect(inPlace.headers[0]).toMatchObject({ authorization: "Bearer sk-ant-oat01-from-login" });
  expect(await userFiles()).toEqual(before);
}, 90_000);

test("errors of the provider are classified", async () => {
  const error = (status: number, type: string, message: string, headers = {}): [MessagesStep] => [
    { status, headers, body: { type: "error", error: { type, message } } },
  ];
  const reset = String(Date.UTC(2099, 0, 23, 15) / 1000);
  const limit = {
    "anthropic-ratelimit-unified-status": "rejected",
    "anthropic-ratelimit-unified-reset": reset,
    "anthropic-ratelimit-unified-representative-claim": "seven_day",
  };
  const refused = [
    await Promise.all([
      evaluate(error(401, "authentication_error", "invalid x-api-key")),
      evaluate(error(429, "rate_limit_error", "slow down")),
      evaluate(error(429, "rate_limit_error", "slow down", limit), { login: "file" }),
    ]),
    await Promise.all([
      evaluate(error(529, "overloaded_error", "Overloaded")),
      evaluate(error(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API.")),
    ]),
  ].flat();
  expect(refused.map((one) => one.class)).toEqual(["auth", "usage_limit", "usage_limit", "other", "usage_limit"]);
  expect(refused.map(({ asked }) => asked.length)).toEqual([1, 1, 1, 1, 1]);
  expect(refused[2]?.result).toMatchObject({ failure: { retryAt: "2099-01-23T15:00:00.000Z" } });
}, 90_000);

test("a digest that is too long is retried once with a much shorter one", async () => {
  const message = "prompt is too long: 250123 tokens > 200000 maximum";
  const tooLong = { status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } };
  const [once, always] = await Promise.all([evaluate([tooLong, ANSWER], { turns: 60 }), evaluate([tooLong])]);
  expect(once.result).toMatchObject({ ok: true, evaluation: { evaluator: { digest: "budget" } } });
  const [full = "", budget = "", ...more] = once.asked;
  expect(more).toEqual([]);
  expect(full.length - budget.length).toBeGreaterThan(30_000);
  expect(budget).toContain("Part 59 is fine.");
  expect(always).toMatchObject({ class: "context_overflow", asked: { length: 2 } });
}, 90_000);

test("answers that are not descriptions are bad output", async () => {
  const answers = await Promise.all([
    evaluate([{ say: "Sure! I would rather not." }]),
    evaluate([{ say: JSON.stringify(answerOf(DESCRIPTION)) }]),
  ]);
  expect(answers.map((one) => one.class)).toEqual(["bad_output", "bad_output"]);
}, 90_000);

test("a model that never answers times out, and a killed Claude Code is reported", async () => {
  const launcher = join(home, "launcher");
  await writeFile(launcher, `#!/bin/sh\necho $$ > "${home}/pid"\nexec "${claudePath(NEWEST_CLAUDE)}" "$@"\n`, {
    mode: 0o755,
  });
  const killing: MessagesScript = () => {
    setImmediate(async () => process.kill(Number(await readFile(join(home, "pid"), "utf8")), "SIGKILL"));
    return { ...ANSWER, delayMs: 30_000 };
  };
  const [hung, killed] = await Promise.all([
    evaluate([{ ...ANSWER, delayMs: 30_000 }], { timeoutMs: 4_000 }),
    evaluate(killing, { executable: launcher }),
  ]);
  expect(hung.result).toMatchObject({
    failure: { class: "timeout", message: expect.stringContaining("claude did not answer") },
  });
  expect(killed.result).toMatchObject({ failure: { class: "other", message: "claude was killed by SIGKILL" } });
  await Promise.all([rm(launcher), rm(join(home, "pid"))]);
}, 60_000);
