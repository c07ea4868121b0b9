// Recorded outputs of Claude Code 2.1.330, asked with `--json-schema` for another shape than ours.
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { claude } from "../../../src/evaluate/claude/claude.ts";
import { claudeReply } from "../../../src/evaluate/claude/output.ts";
import { parseDescription } from "../../../src/evaluate/description.ts";
import type { FailureClass } from "../../../src/evaluate/failure.ts";
import { failureOfRun } from "../../../src/evaluate/failure.ts";
import type { RunResult } from "../../../src/system/spawn.ts";

const RECORDED = new URL("../../fixtures/claude-evaluator/", import.meta.url);

/** The class of each recording, and why. */
const CASES: Record<string, [FailureClass | "answer", string]> = {
  ok_structured_output_tool: ["answer", "the answer came through the tool of the schema"],
  ok_stdin_prompt: ["answer", "200 kB on standard input"],
  ok_second_try: ["answer", "the first answer did not match the schema, the second did"],
  e429_then_ok: ["answer", "a rate limit, then an answer on retry"],
  injected_tool_use: ["answer", "the model wanted to run a command, was refused, and answered"],

  ok_text_json: ["bad_output", "a right answer that was not checked against the schema"],
  ok_fenced_json_text: ["bad_output", "the same, in a fence"],
  malformed_prose: ["bad_output", "prose"],
  no_schema_text: ["bad_output", "prose, asked without a schema"],
  empty_text: ["bad_output", "an empty text"],
  no_content: ["bad_output", "no text at all"],
  bad_schema_always: ["bad_output", "five answers that do not match the schema"],
  max_tokens: ["bad_output", "an answer that is cut off"],
  refusal: ["bad_output", "the model refuses, and would refuse the same digest again"],

  e400_prompt_too_long: ["context_overflow", "`terminal_reason` says so; its status is that of any bad request"],
  prompt_too_long_second_call: ["context_overflow", "the same, in the second call"],
  e413: ["context_overflow", "the request is too large: a shorter digest may fit"],

  e401_retry0: ["auth", "a wrong key"],
  e401_retry1: ["auth", "a wrong key"],
  e401_default_retries: ["auth", "a wrong key, tried eleven times"],
  e403: ["auth", "a key that may not do this"],
  no_api_key: ["auth", "no login: no status, only a message"],

  e429_retry0: ["usage_limit", "a rate limit"],
  e429_retry1: ["usage_limit", "a rate limit"],
  e429_default_retries: ["usage_limit", "a rate limit, tried eleven times"],
  e429_long_retry_after: ["usage_limit", "a rate limit that lasts an hour"],
  e429_unified_limit_headers: ["usage_limit", "the limit of an account"],
  e400_credit: ["usage_limit", "no balance left: a bad request, only the message tells"],

  killed_by_timeout: ["timeout", "SIGTERM after the time limit: status 143"],

  e400_invalid: ["other", "a bad request"],
  e404_model: ["other", "no such model; the tool itself was found"],
  e500_retry1: ["other", "the provider is broken"],
  e529_retry0: ["other", "the provider is overloaded: not a limit of the user"],
  e529_retry1: ["other", "the provider is overloaded"],
  e529_default_retries: ["other", "the provider is overloaded, tried eleven times"],
  conn_refused: ["other", "connection refused"],
  garbage_body_200: ["other", "a proxy's page instead of the provider's answer"],
  truncated_sse: ["other", "the connection was cut"],
  bad_schema_arg: ["other", "wrong arguments: nothing on standard output"],
};

function recorded(name: string): RunResult {
  const read = (file: string) => readFileSync(new URL(`${name}/${file}`, RECORDED), "utf8");
  return {
    code: Number(read("exit_code")),
    signal: null,
    stdout: read("stdout"),
    stderr: read("stderr"),
    notFound: false,
    timedOut: name === "killed_by_timeout",
    truncated: false,
    durationMs: 2_000,
  };
}

function failureOf(result: RunResult) {
  const reply = claudeReply(result);
  return reply.answer === null ? failureOfRun(claude, result, reply, "/home/dev") : null;
}

test("every recording has an expected class", () => {
  expect(readdirSync(RECORDED).sort()).toEqual(Object.keys(CASES).sort());
});

for (const [name, [expected, reason]] of Object.entries(CASES)) {
  test(`${name}: ${expected}, because: ${reason}`, () => {
    const result = recorded(name);
    const failure = failureOf(result);
    expect(failure?.class ?? "answer").toBe(expected);
    if (failure === null) return;
    // No recording of an API key's limit has a reset time.
    expect(failure.retryAt).toBeNull();
    if (!["timeout", "bad_output"].includes(expected) && result.stdout !== "")
      expect(failure.message).toStartWith(JSON.parse(result.stdout).result.slice(0, 20));
  });
}

describe("an answer", () => {
  test("is the structured output, with its usage", () => {
    expect(claudeReply(recorded("ok_second_try"))).toEqual({
      answer: '{"verdict":"ok","score":7}',
      usage: { model: "claude-opus-5-5", inputTokens: 4_796, outputTokens: 58, costUsd: 0.020344 },
    });
  });

  test("of another shape is not a description", () => {
    const reply = claudeReply(recorded("ok_second_try"));
    expect(parseDescription(reply.answer ?? "")).toMatchObject({ ok: false });
  });

  test("counts cached tokens and those of every model, and names the model that wrote most", () => {
    const usage = (input: number, cached: number, output: number) => ({
      inputTokens: input,
      cacheReadInputTokens: cached,
      cacheCreationInputTokens: 1,
      outputTokens: output,
    });
    const output = {
      is_error: false,
      structured_output: {},
      total_cost_usd: 0.1 + 0.2,
      modelUsage: { small: usage(5, 0, 2), large: usage(100, 50, 30) },
    };
    expect(claudeReply({ code: 0, stdout: JSON.stringify(output) })).toEqual({
      answer: "{}",
      usage: { model: "large", inputTokens: 157, outputTokens: 32, costUsd: 0.3 },
    });
  });

  test("needs status 0, no error and an object", () => {
    const output = JSON.parse(recorded("ok_second_try").stdout);
    const replyTo = (code: number, change: object) =>
      claudeReply({ code, stdout: JSON.stringify({ ...output, ...change }) });
    expect(replyTo(0, {}).answer).not.toBeNull();
    expect(replyTo(1, {}).answer).toBeNull();
    expect(replyTo(0, { is_error: true }).answer).toBeNull();
    expect(replyTo(0, { is_error: undefined }).answer).toBeNull();
    for (const structured_output of [null, "{}", [], undefined])
      expect(replyTo(0, { structured_output })).toMatchObject({ answer: null, failureClass: "bad_output" });
  });
});

describe("a failure", () => {
  const output = JSON.parse(recorded("e429_retry0").stdout);
  const failed = (change: object) =>
    failureOf({ ...recorded("e429_retry0"), stdout: JSON.stringify({ ...output, ...change }) });

  test("is classified by its fields before `subtype` and the message", () => {
    expect(failed({ subtype: "error_during_execution", result: "Invalid API key" })?.class).toBe("usage_limit");
    expect(failed({ api_error_status: 401, api_error_type: null, result: "rate limit reached" })?.class).toBe("auth");
    expect(failed({ api_error_status: 500, api_error_type: "api_error", result: "rate limit" })?.class).toBe("other");
  });

  test("is classified by its message if its fields have other types or name built-in properties", () => {
    for (const field of [{ toString: 1 }, ["x"], "constructor", "__proto__", null]) {
      const fields = { terminal_reason: field, api_error: field, api_error_type: field, api_error_status: field };
      expect(failed({ ...fields, result: "Invalid API key · Please run /login: not logged in" })?.class).toBe("auth");
    }
  });

  test("of a subscription's limit has the time when it ends, in the named zone", () => {
    const limit = {
      api_error: "usage_limit_reached",
      result: "You've hit your limit · resets Jan 23, 2099, 3pm (UTC)",
    };
    expect(failed(limit)).toMatchObject({ class: "usage_limit", retryAt: "2099-01-23T15:00:00.000Z" });
  });

  test("without output is classified by the exit status", () => {
    const silent = { ...recorded("killed_by_timeout"), timedOut: false };
    expect(failureOf(silent)).toMatchObject({ class: "other", message: "claude exited with status 143" });
    expect(failureOf({ ...silent, code: 127, stderr: "env: node: not found" })?.class).toBe("not_found");
    expect(failureOf({ ...silent, code: 0 })).toMatchObject({ class: "bad_output" });
  });
});
