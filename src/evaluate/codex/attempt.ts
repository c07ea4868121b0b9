// One `codex exec` over one digest.
import { open, rm } from "node:fs/promises";
import type { Digest } from "../../evidence/digest.ts";
import { hasCode } from "../../system/errors.ts";
import { run } from "../../system/spawn.ts";
import type { Failure } from "../failure.ts";
import { buildPrompt } from "../prompt.ts";
import { promptsOf } from "../repetition.ts";
import { parseVerdict, type Verdict } from "../verdict.ts";
import { failureOf, failureOfRun } from "./failure.ts";
import { parseCodexOutput } from "./output.ts";

/** What stays the same from one attempt to the next. */
export interface CodexCall {
  argv: readonly [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
  /** Where Codex puts its last message. */
  answer: string;
  /** The user's home folder, which no failure may name. */
  userHome: string;
}

export type Attempt =
  | { ok: true; verdict: Verdict; redactions: number; inputTokens: number | null; outputTokens: number | null }
  | { ok: false; failure: Failure };

const OUTPUT_BYTES = 4 * 1024 * 1024;
const ANSWER_BYTES = 1024 * 1024;

export async function attempt(call: CodexCall, digest: Digest, timeoutMs: number): Promise<Attempt> {
  const { argv, cwd, env, userHome: home } = call;
  await rm(call.answer, { force: true });
  const result = await run(argv, { cwd, env, stdin: buildPrompt(digest), timeoutMs, maxOutputBytes: OUTPUT_BYTES });
  const { inputTokens, outputTokens, ...output } = parseCodexOutput(result.stdout);
  const answer = result.code === 0 ? ((await readAnswer(call.answer)) ?? output.answer) : null;
  if (answer === null) return { ok: false, failure: failureOfRun(result, output, home) };
  const parsed = parseVerdict(answer, promptsOf(digest));
  if (parsed.ok) return { ...parsed, redactions: digest.redactions + parsed.redactions, inputTokens, outputTokens };
  return { ok: false, failure: failureOf("bad_output", parsed.problem, { stderr: result.stderr, home }) };
}

/** The last message, up to a bound; null when there is none. */
async function readAnswer(path: string): Promise<string | null> {
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(ANSWER_BYTES), 0, ANSWER_BYTES, 0);
      return bytesRead === 0 ? null : buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}
