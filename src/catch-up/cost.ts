// What a backfill would send to a model, before any log is read.
import { FULL_DIGEST_BYTES } from "../digest/collector.ts";
import type { PlannedRun } from "./plan.ts";

/** As models count English and code, about. */
const BYTES_PER_TOKEN = 4;
/** What is said around a digest. */
const PROMPT_BYTES = 3_000;

/** How many tokens at most, about: a digest is no longer than its run, and bounded. */
export function estimateTokens(runs: readonly PlannedRun[]): number {
  const bytes = runs.reduce((sum, { range: { from, to } }) => {
    return sum + PROMPT_BYTES + Math.min(FULL_DIGEST_BYTES, to - from);
  }, 0);
  return Math.round(bytes / BYTES_PER_TOKEN);
}
