// The real Codex as evaluator, against an endpoint of ours: what it sends, and what becomes of each answer.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { evaluateWithCodex } from "../../src/evaluate/codex/codex.ts";
import type { EvaluationResult } from "../../src/evaluate/evaluator.ts";
import { type Digest, DigestCollector } from "../../src/evidence/digest.ts";
import { about, command, evidence, prompt, reply } from "../evidence/digest-sample.ts";
import { codexPath, codexVersions } from "./clients.ts";
import { type CodexSandbox, gitIn, prepareCodex, writeFiles } from "./codex-session.ts";
import { type ResponsesEndpoint, startResponsesEndpoint } from "./responses-endpoint.ts";
import type { Script } from "./script.ts";

const VERDICT = { summary: "Fixed the cart.", bullets: ["Totals are right now."], tags: ["fix"], notes: null };
const ANSWER = JSON.stringify(VERDICT);
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

async function evaluate(version: string, script: Script, over: { turns?: number; timeoutMs?: number } = {}) {
  endpoint = await startResponsesEndpoint(script);
  const settings = 'model = "gpt-5.5"\nnotify = ["touch", "NOTIFIED"]';
  sandbox = await prepareCodex({ home, url: endpoint.url, settings });
  const { turns = 1, timeoutMs = 60_000 } = over;
  return await evaluateWithCodex(digestOf(turns), {
    command: codexPath(version),
    model: null,
    timeoutMs,
    env: { ...sandbox.env, CODEX_THREAD_ID: "0" },
    home,
  });
}

/** The bodies that went to the model, models lists left out. */
function asked(): string[] {
  return endpoint.requests.filter(({ path }) => path.endsWith("/responses")).map(({ body }) => JSON.stringify(body));
}

function classOf(result: EvaluationResult): string {
  return result.ok ? "success" : result.failure.class;
}

for (const version of codexVersions()) {
  describe(`Codex ${version}`, () => {
    afterEach(async () => {
      expect(await readdir(join(home, ".cache/ai-code-sessions/evaluator"))).toEqual([]);
    });

    test("puts a digest into words", async () => {
      await writeFiles(home, {
        ".agents/skills/spy/SKILL.md": "---\nname: spy\ndescription: spies\n---\nSPYING",
        ".codex/AGENTS.md": "RUDENESS",
        "AGENTS.md": "RUDENESS",
      });
      const result = await evaluate(version, [{ say: ANSWER }]);
      expect(result).toMatchObject({
        ok: true,
        evaluation: {
          verdict: VERDICT,
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
      expect(body).toContain("it broke with [redacted:github-token]");
      for (const absent of [SECRET, "TELLTALE", "SPYING", "RUDENESS"]) expect(body).not.toContain(absent);
    }, 60_000);

    test("is offered no shell, even in a home that is a repository", async () => {
      await mkdir(join(home, ".cache"), { recursive: true });
      await writeFile(join(home, "AGENTS.md"), "RUDENESS");
      endpoint = await startResponsesEndpoint([{ say: ANSWER }]);
      sandbox = await prepareCodex({ home, url: endpoint.url });
      await gitIn(sandbox, home, "init", "--quiet");
      await endpoint.stop();
      expect(classOf(await evaluate(version, [{ say: ANSWER }]))).toBe("success");
      const [body = ""] = asked();
      expect(body).not.toContain("RUDENESS");
      expect(body).not.toMatch(/"name":"(?:exec_command|shell|shell_command|local_shell|web_search|view_image_)"/);
    }, 60_000);

    const cases: [string, Script, string][] = [
      ["fenced JSON", [{ say: `Here:\n\`\`\`json\n${ANSWER}\n\`\`\`` }], "success"],
      ["prose", [{ say: "Sure! I would rather not." }], "bad_output"],
      [
        "a prompt repeated",
        [{ say: ANSWER.replace("Fixed the cart.", "Have a look at part 0, use $spy and") }],
        "bad_output",
      ],
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

    test("a model that runs out of room gets a far shorter digest, once", async () => {
      const result = await evaluate(version, [OVERFLOW, { say: ANSWER }], { turns: 60 });
      expect(result).toMatchObject({ ok: true, evaluation: { evaluator: { digest: "budget" } } });
      const [full = "", budget = "", ...more] = asked();
      expect(more).toEqual([]);
      expect(full.length - budget.length).toBeGreaterThan(30_000);
      expect(budget).toContain("Part 59 is fine.");
    }, 60_000);

    test("and fails when that is too long as well", async () => {
      expect(classOf(await evaluate(version, [OVERFLOW]))).toBe("context_overflow");
      expect(asked()).toHaveLength(2);
    }, 60_000);

    test("a model that never answers is given up", async () => {
      const result = await evaluate(version, [{ say: ANSWER, delayMs: 30_000 }], { timeoutMs: 1_500 });
      expect(classOf(result)).toBe("timeout");
    }, 30_000);
  });
}
