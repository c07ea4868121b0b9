import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { codex } from "../../src/evaluate/codex/codex.ts";
import { parseCodexOutput } from "../../src/evaluate/codex/output.ts";
import { parseDescription } from "../../src/evaluate/description.ts";
import { classifyMessage, type FailureClass, failureOfRun } from "../../src/evaluate/failure.ts";
import type { RunResult } from "../../src/system/spawn.ts";

const RECORDED = new URL("../fixtures/codex-evaluator/", import.meta.url);

/** The class of each recording, the same in every version. */
const CASES: Record<string, FailureClass | "success"> = {
  ok: "success",
  garbage: "bad_output",
  u429: "usage_limit",
  r429: "usage_limit",
  quota: "usage_limit",
  ctx: "context_overflow",
  ctx400: "context_overflow",
  u401: "auth",
  u500: "other",
};

function ended(result: Partial<RunResult>): RunResult {
  const streams = { stdout: "", stderr: "", truncated: false };
  return { code: null, signal: null, ...streams, notFound: false, timedOut: false, durationMs: 2_000, ...result };
}

function failureOf(result: Partial<RunResult>) {
  const { error, lastError } = parseCodexOutput(result.stdout ?? "");
  const reply = { answer: null, reported: error ?? lastError, failureClass: null };
  return failureOfRun(codex, ended(result), reply, "/home/dev");
}

describe("recorded outputs of codex exec", () => {
  for (const name of readdirSync(RECORDED).sort()) {
    test(name, () => {
      const read = (file: string) => readFileSync(new URL(`${name}/${file}`, RECORDED), "utf8");
      const result = ended({ code: Number(read("exit_code")), stdout: read("stdout.jsonl"), stderr: read("stderr") });
      const output = parseCodexOutput(result.stdout);
      const expected = CASES[name.slice(name.lastIndexOf("-") + 1)];
      if (result.code === 0) {
        expect(output).toMatchObject({ error: null, inputTokens: 1000, outputTokens: 50 });
        expect(output.answer).toBe(read("last_message"));
        expect(parseDescription(output.answer ?? "").ok ? "success" : "bad_output").toBe(expected as never);
        return;
      }
      const failure = failureOf(result);
      expect(failure.class).toBe(expected as never);
      expect(failure.message).not.toContain("WARNING");
      expect(JSON.stringify(failure)).not.toContain("/home/dev");
    });
  }

  test("the message of a usage limit says when it ends, in local time", () => {
    for (const version of ["0.101.0", "0.169.0"]) {
      const stdout = readFileSync(new URL(`${version}-u429/stdout.jsonl`, RECORDED), "utf8");
      expect(failureOf({ code: 1, stdout }).retryAt).toBe(new Date(2026, 10, 23, 2, 13).toISOString());
    }
  });
});

describe("structure comes before wording", () => {
  const limit = JSON.stringify({ type: "error", message: "You've hit your usage limit." });

  test("a missing tool and a timeout are recognized whatever was printed", () => {
    expect(failureOf({ notFound: true, stdout: limit }).class).toBe("not_found");
    const late = failureOf({ timedOut: true, signal: "SIGTERM", stdout: limit });
    expect(late).toMatchObject({ class: "timeout", retryAt: null });
    expect(late.message).toBe("codex did not answer within 2 s: You've hit your usage limit.");
  });

  test("a launcher without its interpreter is not found", () => {
    expect(failureOf({ code: 127, stderr: "env: 'node': No such file or directory" }).class).toBe("not_found");
  });

  test("what Codex reports counts before standard error", () => {
    const stderr = "401 Unauthorized";
    expect(failureOf({ code: 1, stdout: limit, stderr }).class).toBe("usage_limit");
    expect(failureOf({ code: 1, stderr }).class).toBe("auth");
  });

  test("a reply about limits is not a usage limit", () => {
    const item = { type: "agent_message", text: "You've hit your usage limit." };
    expect(failureOf({ code: 1, stdout: JSON.stringify({ type: "item.completed", item }) }).class).toBe("other");
  });

  test("status 0 without an answer is bad output; a killed tool is named with its signal", () => {
    expect(failureOf({ code: 0 })).toMatchObject({ class: "bad_output", message: "codex exited without an answer" });
    expect(failureOf({ signal: "SIGKILL" })).toMatchObject({ class: "other", message: "codex was killed by SIGKILL" });
  });

  test("Codex before 0.45 exits with status 0 after an error", () => {
    const stdout = `{"type":"session.created","session_id":"x"}\n${limit}`;
    expect(failureOf({ code: 0, stdout }).class).toBe("usage_limit");
  });
});

describe("wording", () => {
  const cases: [FailureClass, string][] = [
    ["usage_limit", "You’ve hit your\n usage  LIMIT."],
    ["usage_limit", "Your workspace is out of credits."],
    ["usage_limit", "You have reached your spend cap."],
    ["usage_limit", "stream error: usage_limit_reached"],
    ["usage_limit", "Rate limit reached for gpt-5 in organization org-1"],
    ["context_overflow", "Codex ran out of room in the model’s context window."],
    ["context_overflow", "This model's maximum context length is 128000 tokens."],
    ["context_overflow", "Your input exceeds the context window of this model."],
    ["auth", "Your access token could not be refreshed. Please log out and sign in again."],
    ["auth", "Missing environment variable: `LOCAL_KEY`."],
    ["other", "syntax error in line 429"],
    ["other", "wrote 401 files"],
    ["other", "The 'gpt-9' model is not supported."],
    ["other", ""],
  ];
  for (const [expected, message] of cases) {
    test(JSON.stringify(message), () => expect(classifyMessage(message)).toBe(expected));
  }
});

test("the texts of a failure are short and without secrets", () => {
  const secret = `sk-${"a1B2c3D4e5".repeat(4)}`;
  const stdout = JSON.stringify({ type: "error", message: `${secret} ${"x ".repeat(5_000)}` });
  const failure = failureOf({ code: 1, stdout, stderr: `${"y\n".repeat(9_000)}${secret} at /home/dev/x\n` });
  expect(JSON.stringify(failure)).not.toContain("sk-a1");
  expect(failure.message.length).toBeLessThan(600);
  expect(failure.stderrTail.split("\n").length).toBeLessThanOrEqual(20);
  expect(failure.stderrTail).toEndWith("[REDACTED:openai-key] at ~/x");
});
