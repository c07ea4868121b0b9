// Evaluations in scripts whose model answers both a run and its evaluator.

/** The answer for the evaluator. */
export const DESCRIPTION = {
  summary: "Gave the cart totals.",
  bullets: ["Carts add up."],
  tags: ["feature"],
  notes: null,
};

/** Whether a request is from an evaluator: only evaluators ask for an answer with a schema. */
export function isEvaluation(body: unknown): boolean {
  return JSON.stringify(body).includes('"json_schema"');
}
