// What every evaluator gives back, whichever it is.
import type { Failure } from "./failure.ts";
import type { Verdict } from "./verdict.ts";

/** Which evaluator it was and what it took, as an entry holds it. */
export interface EvaluatorRecord {
  name: "codex" | "claude" | "builtin";
  model: string | null;
  version: string | null;
  /** Null for `builtin`, which reads no digest. */
  digest: "full" | "budget" | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** What the program reckons that it cost; absent where it does not. */
  cost_usd?: number;
  duration_ms: number;
}

export interface Evaluation {
  verdict: Verdict;
  evaluator: EvaluatorRecord;
  /** Secrets taken out of what the evaluator read and of what it wrote. */
  redactions: number;
}

export type EvaluationResult = { ok: true; evaluation: Evaluation } | { ok: false; failure: Failure };
