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

/** The model's answer with this description, in the form that the schema asks for. */
export function answerOf<T extends { bullets: readonly string[] }>(description: T) {
  return { ...description, bullets: description.bullets.map((text) => ({ text, facts: [], claims: [] })) };
}
