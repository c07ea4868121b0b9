// The real Codex as evaluator, with a scripted endpoint: what it sends, and how each answer is handled.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DigestCollector } from "../../src/digest/collector.ts";
import type { Digest } from "../../src/digest/digest.ts";
import { evaluateWithCli } from "../../src/evaluate/cli-evaluation.ts";
import { codex } from "../../src/evaluate/codex/codex.ts";
import type { EvaluationResult } from "../../src/evaluate/evaluator.ts";
import { about, command, evidence, prompt, reply } from "../digest/sample.ts";
import { CODEX_VERSIONS, codexPath } from "./clients.ts";
import { type CodexSandbox, gitIn, prepareCodex, writeFiles } from "./codex-session.ts";
import { answerOf } from "./evaluation.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

const DESCRIPTION = { summary: "Fixed the cart.", bullets: ["Totals are right now."], tags: ["fix"], notes: null };
const ANSWER = JSON.stringify(answerOf(DESCRIPTION));
const SECRET = `ghp_${"a1B2c3D4e5F6g7H8i9J0".repeat(2)}`;
const OVERFLOW = { failed: { code: "context_length_exceeded", message: "too long" } };
const LIMIT = { type: "usage_limit_reached", message: "The usage limit has been reached", resets_at: 1_795_399_980 };

let home: string;
let sandbox: CodexSandbox;
let endpoint: ResponsesEndpoint;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "ctx-evaluate-"));
});
afterEach(async () => {
  await endpoint.stop();
  await rm(home, { recursive: true, force: true });
});

function digestOf(turns: number): Digest {
  const collector = new DigestCollector();
  for (let turn = 0; turn < turns; turn++) {
    collector.push(prompt(`Have a look at part ${turn}, use $spy and ${SECRET}`));
    collector.push(command(`ls part-${turn}`, { output: "TELLTALE" }));
    collector.push(command("npm test", { outcome: "failed", exitCode: 1, output: `it broke with ${SECRET}` }));
    collector.push(reply(`Part ${turn} is fine. ${"It is. ".repeat(100)}`));
  }
  return collector.build(evidence(), about);
}

interface EvaluateOptions {
  turns?: number;
  timeoutMs?: number;
  /** The contents of `config.toml`, and variables besides those of the sandbox. */
  config?: (url: string) => string;
  env?: Record<string, string>;
}

async function evaluate(version: string, script: Script, options: EvaluateOptions = {}) {
  endpoint = await startResponsesEndpoint(script);
  const settings = 'model = "gpt-5.5"\nnotify = ["touch", "NOTIFIED"]';
  sandbox = await prepareCodex({ home, url: endpoint.url, settings });
  const { turns = 1, timeoutMs = 60_000, config, env = {} } = options;
  if (config !== undefined) await writeFiles(home, { ".codex/config.toml": config(endpoint.url) });
  return await evaluateWithCli(codex, digestOf(turns), {
    command: codexPath(version),
    model: null,
    timeoutMs,
    env: { ...sandbox.env, CODEX_THREAD_ID: "0", ...env },
    home,
  });
}

/** The requests to the model, without those for the list of models. */
function requests() {
  return endpoint.requests.filter(({ path }) => path.endsWith("/responses"));
}

function asked(): string[] {
  return requests().map(({ body }) => JSON.stringify(body));
}

function classOf(result: EvaluationResult): string {
  return result.ok ? "success" : result.failure.class;
}

for (const version of CODEX_VERSIONS) {
  describe(`Codex ${version}`, () => {
    afterEach(async () => {
      expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
    });

    test("evaluates a digest without files of the user", async () => {
      await writeFiles(home, {
        ".agents/skills/spy/SKILL.md": "---\nname: spy\ndescription: spies\n---\nSPYING",
        ".codex/AGENTS.md": "RUDENESS",
        "AGENTS.md": "RUDENESS",
      });
      const result = await evaluate(version, [{ say: ANSWER }]);
      expect(result).toMatchObject({
        ok: true,
        evaluation: {
          description: DESCRIPTION,
          evaluator: {
            name: "codex",
            model: "gpt-5.5",
            version,
            digest: "full",
            input_tokens: 1001,
            output_tokens: 50,
          },
          redactions: 2,
        },
      });
      const [body = ""] = asked();
      expect(body).toContain("Have a look at part 0");
      expect(body).toContain("it broke with [REDACTED:github-token]");
      for (const absent of [SECRET, "TELLTALE", "spies", "SPYING", "RUDENESS"]) expect(body).not.toContain(absent);
      expect(JSON.stringify(requests().map(({ headers }) => headers))).not.toContain(home);
      // Codex 0.101 always sends the folder of its own skills, which is in the isolated home.
      if (version === "0.169.0") expect(body).not.toContain(home);
      expect(body.replaceAll(join(home, ".cache/ai-code-sessions/evaluator"), "")).not.toContain(home);
    }, 60_000);

    test("is offered no shell, even in a home that is a repository", async () => {
      await mkdir(join(home, ".cache"), { recursive: true });
      await writeFile(join(home, "AGENTS.md"), "RUDENESS");
      endpoint = await startResponsesEndpoint([{ say: ANSWER }]);
      sandbox = await prepareCodex({ home, url: endpoint.url });
      await gitIn(sandbox, home, "init", "--quiet");
      await gitIn(sandbox, home, "commit", "--quiet", "--allow-empty", "--message", "dotfiles");
      await gitIn(sandbox, home, "remote", "add", "origin", "https://git.example.com/PRIVATE-REMOTE.git");
      await endpoint.stop();
      expect(classOf(await evaluate(version, [{ say: ANSWER }]))).toBe("success");
      const [body = ""] = asked();
      expect(body).not.toContain("RUDENESS");
      expect(JSON.stringify(requests())).not.toContain("PRIVATE-REMOTE");
      expect(body).not.toMatch(/"name":"(?:exec_command|shell|shell_command|local_shell|spawn_agent)"/);
      expect(body).not.toMatch(/"type":"(?:local_shell|web_search|image_generation)/);
    }, 60_000);

    const cases: [string, Script, string][] = [
      ["fenced JSON", [{ say: `Here:\n\`\`\`json\n${ANSWER}\n\`\`\`` }], "success"],
      ["prose", [{ say: "Sure! I would rather not." }], "bad_output"],
      ["a usage limit", [{ status: 429, body: { error: LIMIT } }], "usage_limit"],
      ["a rate limit", [{ status: 429, body: {} }], "usage_limit"],
      ["a quota", [{ failed: { code: "insufficient_quota", message: "no" } }], "usage_limit"],
      ["a wrong key", [{ status: 401, body: { error: { message: "Incorrect API key provided" } } }], "auth"],
      ["a broken server", [{ status: 500, body: {} }], "other"],
    ];
    for (const [name, script, expected] of cases) {
      test(`${name}: ${expected}`, async () => {
        const result = await evaluate(version, script);
        expect(classOf(result)).toBe(expected);
        const retryAt = result.ok ? null : result.failure.retryAt;
        expect(retryAt === null).toBe(name !== "a usage limit");
      }, 90_000);
    }

    test("a context overflow is retried once with a much shorter digest", async () => {
      const result = await evaluate(version, [OVERFLOW, { say: ANSWER }], { turns: 60 });
      expect(result).toMatchObject({ ok: true, evaluation: { evaluator: { digest: "budget" } } });
      const [full = "", budget = "", ...more] = asked();
      expect(more).toEqual([]);
      expect(full.length - budget.length).toBeGreaterThan(30_000);
      expect(budget).toContain("Part 59 is fine.");
    }, 60_000);

    test("a second context overflow is a failure", async () => {
      expect(classOf(await evaluate(version, [OVERFLOW]))).toBe("context_overflow");
      expect(asked()).toHaveLength(2);
    }, 60_000);

    describe("reaches the model", () => {
      const provider = (lines: string) => (url: string) =>
        `model = "gpt-5.5"\nmodel_provider = "corp"\n[model_providers.corp]\nname = "Corp"\nbase_url = "${url}"
wire_api = "responses"\nrequest_max_retries = 0\nstream_max_retries = 0\n${lines}\n`;
      const header = (name: string) => requests()[0]?.headers[name];

      test("through a provider of the user with its key and headers", async () => {
        const config = provider(
          'env_key = "CORP_KEY"\nhttp_headers = { X-App = "a" }\nenv_http_headers = { X-Team = "CORP_TEAM" }',
        );
        const result = await evaluate(version, [{ say: ANSWER }], { config, env: { CORP_KEY: "k1", CORP_TEAM: "t1" } });
        expect(classOf(result)).toBe("success");
        expect({ key: header("authorization"), app: header("x-app"), team: header("x-team") }).toEqual({
          key: "Bearer k1",
          app: "a",
          team: "t1",
        });
      }, 60_000);

      test("with the login in the file of the user, whatever store is configured for new logins", async () => {
        await writeFiles(home, { ".codex/auth.json": '{"OPENAI_API_KEY":"sk-from-file"}' });
        const config = (url: string) =>
          `cli_auth_credentials_store = "auto"\n${provider("requires_openai_auth = true")(url)}`;
        expect(classOf(await evaluate(version, [{ say: ANSWER }], { config }))).toBe("success");
        expect(header("authorization")).toBe("Bearer sk-from-file");
      }, 60_000);

      // Codex 0.101 does not support token programs.
      if (version !== "0.101.0")
        test("with a token from a program that needs the home folder of the user", async () => {
          const program = join(home, "print-token");
          await writeFile(program, '#!/bin/sh\ncat "$HOME/token"\n', { mode: 0o755 });
          await writeFile(join(home, "token"), "from-program");
          const config = provider(`auth = { command = "${program}" }`);
          expect(classOf(await evaluate(version, [{ say: ANSWER }], { config }))).toBe("success");
          expect(header("authorization")).toBe("Bearer from-program");
        }, 60_000);

      test("not without its key, and says which variable is missing", async () => {
        const result = await evaluate(version, [{ say: ANSWER }], { config: provider('env_key = "CORP_KEY"') });
        expect(result).toMatchObject({
          ok: false,
          failure: { class: "auth", message: expect.stringMatching(/CORP_KEY.*\(run `codex login`, or check the key/) },
        });
        expect(requests()).toEqual([]);
      }, 60_000);

      test("not with a login in the keyring, and says how to keep it in a file", async () => {
        const config = (url: string) =>
          `cli_auth_credentials_store = "keyring"\n${provider("requires_openai_auth = true")(url)}`;
        expect(await evaluate(version, [{ say: ANSWER }], { config })).toMatchObject({
          ok: false,
          failure: { class: "auth", message: expect.stringContaining('set `cli_auth_credentials_store = "file"`') },
        });
        const own = (url: string) => `cli_auth_credentials_store = "keyring"\n${provider('env_key = "CORP_KEY"')(url)}`;
        await endpoint.stop();
        const withKey = await evaluate(version, [{ say: ANSWER }], { config: own, env: { CORP_KEY: "k1" } });
        expect(classOf(withKey)).toBe("success");
      }, 60_000);
    });

    test("a model that never answers times out", async () => {
      const result = await evaluate(version, [{ say: ANSWER, delayMs: 30_000 }], { timeoutMs: 1_500 });
      expect(classOf(result)).toBe("timeout");
    }, 30_000);
  });
}
