// What an export is asked to do, resolved: absolute paths, UTC times, null for what was not given.

import type { EvaluationWait, recordRun } from "../changelog/record.ts";
import type { ObservedRepository } from "../changelog/run-facts.ts";
import type { SessionQuery } from "../runs/find-session.ts";

export interface ExportOptions extends SessionQuery {
  /** The session directory to write; null finds the session's own, or makes one in the repository. */
  output: string | null;
  label: string | null;
  /** A new session that nobody labelled is called by its first prompt. */
  derivesLabel?: boolean;
  timeoutMs: number | null;
  /** Where the repository lives, if not where the log and `origin` say. */
  repository?: string | null;
  /** Whether secrets are taken out of the pages; they are, unless this says no. Entries never hold them. */
  redacts?: boolean | undefined;
  /** What was seen of the repository while the run lasted. */
  observed?: ObservedRepository | undefined;
  waiting?: EvaluationWait | undefined;
  /** Records the run, where not as everybody does. */
  record?: typeof recordRun;
  /** No model is asked now: the run is exported, and stays to be evaluated. */
  defersEvaluation?: boolean;
  now: () => Date;
}
