// Reads what `codex exec --json` prints. Since about 0.45: `thread.started`, `turn.failed`, …. Before, with
// `--experimental-json`: `session.created`, errors only as `error`, and exit status 0 even for a failure.
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "../../system/errors.ts";
import { parseJsonObject } from "../../system/json.ts";
import type { RunResult } from "../../system/spawn.ts";
import type { CliReply, EvaluationPaths } from "../evaluator.ts";

/** The file in the private folder that gets the last message. */
export const ANSWER = "answer";
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface CodexOutput {
  /** Why the turn failed; null if it did not. */
  error: string | null;
  /** The last error, which Codex may have recovered from. */
  lastError: string | null;
  answer: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
}

/** Reads the last message, and removes its file, so that the next attempt cannot read it. */
export async function codexReply(
  { code, stdout }: Pick<RunResult, "code" | "stdout">,
  { folder }: EvaluationPaths,
): Promise<CliReply> {
  const { error, lastError, answer: lastMessage, ...tokens } = parseCodexOutput(stdout);
  const path = join(folder, ANSWER);
  const answer = code === 0 ? ((await readAnswer(path)) ?? lastMessage) : null;
  await rm(path, { force: true });
  if (answer === null) return { answer, reported: error ?? lastError, failureClass: null };
  return { answer, usage: { ...tokens, model: null, costUsd: null } };
}

/** Null if there is no last message. */
async function readAnswer(path: string): Promise<string | null> {
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(MAX_ANSWER_BYTES), 0, MAX_ANSWER_BYTES, 0);
      return bytesRead === 0 ? null : buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

export function parseCodexOutput(stdout: string): CodexOutput {
  const output: CodexOutput = { error: null, lastError: null, answer: null, inputTokens: null, outputTokens: null };
  for (const line of stdout.split("\n")) {
    const event = line.startsWith("{") ? parseJsonObject(line) : null;
    if (event === null) continue;
    switch (event.type) {
      case "error":
        output.lastError = textOf(event.message) ?? output.lastError;
        break;
      case "turn.failed":
        output.error = textOf(field(event.error, "message")) ?? output.lastError ?? "the turn failed";
        break;
      case "turn.completed":
        output.inputTokens = countOf(field(event.usage, "input_tokens"));
        output.outputTokens = countOf(field(event.usage, "output_tokens"));
        break;
      case "item.completed":
        output.answer = answerOf(event.item) ?? output.answer;
        break;
    }
  }
  return output;
}

function answerOf(item: unknown): string | null {
  const type = field(item, "type") ?? field(item, "item_type");
  return type === "agent_message" || type === "assistant_message" ? textOf(field(item, "text")) : null;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function countOf(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
