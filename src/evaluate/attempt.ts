// One answer of a program to one digest.
import type { Digest } from "../digest/digest.ts";
import { run } from "../system/spawn.ts";
import type { Failure } from "./failure.ts";
import type { EvaluationPaths } from "./private-home.ts";
import type { CliEvaluator, Usage } from "./program.ts";
import { buildPrompt } from "./prompt.ts";
import { failureOf, failureOfRun } from "./told-failure.ts";
import { parseVerdict, type Verdict } from "./verdict.ts";

/** What stays the same from one attempt to the next. */
export interface Call {
  program: Pick<CliEvaluator, "name" | "hints" | "reply">;
  argv: readonly [string, ...string[]];
  env: Record<string, string>;
  places: EvaluationPaths;
  /** The user's home folder, which no failure may name. */
  userHome: string;
}

export type Attempt =
  | { ok: true; verdict: Verdict; redactions: number; spent: Usage }
  | { ok: false; failure: Failure };

const OUTPUT_BYTES = 4 * 1024 * 1024;

export async function attempt(call: Call, digest: Digest, timeoutMs: number): Promise<Attempt> {
  const { program, argv, env, places, userHome: home } = call;
  const stdin = buildPrompt(digest);
  const result = await run(argv, { cwd: places.work, env, stdin, timeoutMs, maxOutputBytes: OUTPUT_BYTES });
  const reply = await program.reply(result, places);
  if (reply.answer === null) return { ok: false, failure: failureOfRun(program, result, reply, home) };
  const parsed = parseVerdict(reply.answer);
  if (parsed.ok) return { ...parsed, redactions: digest.redactions + parsed.redactions, spent: reply.spent };
  return { ok: false, failure: failureOf(program, "bad_output", parsed.problem, { stderr: result.stderr, home }) };
}
