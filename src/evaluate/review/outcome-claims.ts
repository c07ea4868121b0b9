// Reads a text as claims about outcomes, and holds each against the run.
import { changesAreProven } from "./change-claims.ts";
import { checksAreProven } from "./check-proof.ts";
import { clausesOf } from "./clauses.ts";
import { eventClaims } from "./event-claims.ts";
import { isProven } from "./event-proof.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

/** Whether the run shows every outcome that the text claims. */
export function outcomesAreProven(text: string, run: RunOutcomes): boolean {
  const clauses = clausesOf(withoutMessages(text, run));
  return (
    eventClaims(clauses).every((claim) => isProven(claim, run)) &&
    checksAreProven(clauses, run) &&
    changesAreProven(clauses, run)
  );
}

/** The text without the messages of the run's commits: their words are no claims. */
function withoutMessages(text: string, { evidence }: RunOutcomes): string {
  return evidence.commits.reduce(
    (rest, { message }) => (message === "" ? rest : rest.replace(message, "`message`")),
    text,
  );
}
