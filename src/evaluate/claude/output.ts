// Reads what `claude --print --output-format json` prints: one object. Its `subtype` is `success` even for an error.
import { parseJsonObject } from "../../system/json.ts";
import type { RunResult } from "../../system/spawn.ts";
import type { CliReply, Usage } from "../evaluator.ts";
import { classifyMessage, type FailureClass } from "../failure.ts";

/** Only an answer that Claude Code itself checked against the schema counts: prose also exits with status 0. */
export function claudeReply({ code, stdout }: Pick<RunResult, "code" | "stdout">): CliReply {
  const output = parseJsonObject(stdout.trim());
  if (output === null) return { answer: null, reported: null, failureClass: null };
  const answer = output.structured_output;
  if (code === 0 && output.is_error === false && isObject(answer)) {
    return { answer: JSON.stringify(answer), usage: usageOf(output) };
  }
  if (code === 0 && output.is_error === false) return { answer: null, reported: null, failureClass: "bad_output" };
  const reported = messageOf(output);
  return { answer: null, reported, failureClass: classOf(output) ?? classifyMessage(reported) };
}

const BY_REASON: Record<string, FailureClass> = {
  __proto__: null as never,
  prompt_too_long: "context_overflow",
  structured_output_retry_exhausted: "bad_output",
};

const BY_ERROR: Record<string, FailureClass> = {
  __proto__: null as never,
  message_over_context_limit: "context_overflow",
  usage_limit_reached: "usage_limit",
  model_requires_usage_credits: "usage_limit",
  long_context_credits_required: "usage_limit",
  stored_login_refused: "auth",
  oauth_refresh_store_refused: "auth",
  provider_credentials: "auth",
  api_key_auth_disabled: "auth",
  org_disabled_credential: "auth",
  invalid_credential_header: "auth",
  max_output_tokens: "bad_output",
  empty_completion: "bad_output",
};

const BY_TYPE: Record<string, FailureClass> = {
  __proto__: null as never,
  authentication_error: "auth",
  permission_error: "auth",
  rate_limit_error: "usage_limit",
  billing_error: "usage_limit",
  request_too_large: "context_overflow",
};

const BY_STATUS: Record<string, FailureClass> = {
  __proto__: null as never,
  401: "auth",
  402: "usage_limit",
  403: "auth",
  413: "context_overflow",
  429: "usage_limit",
};

/** The class by its fields; null if only the wording tells, as for a used-up balance, which is a bad request. */
function classOf(output: Record<string, unknown>): FailureClass | null {
  const { terminal_reason, api_error, api_error_type, api_error_status, stop_reason } = output;
  // The model answered, but with a refusal instead of a description.
  if (stop_reason === "refusal") return "bad_output";
  const found =
    BY_REASON[nameOf(terminal_reason)] ??
    BY_ERROR[nameOf(api_error)] ??
    BY_TYPE[nameOf(api_error_type)] ??
    BY_STATUS[nameOf(api_error_status)];
  if (found !== undefined) return found;
  return typeof api_error_status === "number" && api_error_status >= 500 ? "other" : null;
}

function nameOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function messageOf({ result, errors }: Record<string, unknown>): string {
  if (typeof result === "string" && result !== "") return result;
  const [first] = Array.isArray(errors) ? errors : [];
  return typeof first === "string" ? first : "claude reported an error without a message";
}

/** Sums `modelUsage`, which the cost is computed from: `usage` omits some calls. */
function usageOf({ modelUsage, total_cost_usd }: Record<string, unknown>): Usage {
  const models = isObject(modelUsage) ? Object.entries(modelUsage) : [];
  const sum = (...names: string[]) =>
    models.length === 0
      ? null
      : models.flatMap(([, usage]) => names.map((name) => countOf(usage, name))).reduce((a, b) => a + b, 0);
  const [most] = models.toSorted(([, a], [, b]) => countOf(b, "outputTokens") - countOf(a, "outputTokens"));
  return {
    model: most?.[0] ?? null,
    inputTokens: sum("inputTokens", "cacheReadInputTokens", "cacheCreationInputTokens"),
    outputTokens: sum("outputTokens"),
    costUsd: typeof total_cost_usd === "number" && total_cost_usd >= 0 ? roundCost(total_cost_usd) : null,
  };
}

/** Removes the rounding error of a sum of prices. */
function roundCost(dollars: number): number {
  return Math.round(dollars * 1e6) / 1e6;
}

function countOf(usage: unknown, name: string): number {
  const count = isObject(usage) ? usage[name] : null;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
