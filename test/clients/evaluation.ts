// The model behind an evaluation, beside the one behind the run.

/** What the evaluator is told. */
export const VERDICT = { summary: "Gave the cart totals.", bullets: ["Carts add up."], tags: ["feature"], notes: null };

/** Only an evaluator asks for an answer of a certain form. */
export function isEvaluation(body: unknown): boolean {
  return JSON.stringify(body).includes('"json_schema"');
}
