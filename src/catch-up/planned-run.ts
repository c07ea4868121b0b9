// A run that a backfill or a sync records, the settings of both, and the decision whether to record it.
import type { EvaluatorChoice } from "../changelog/record.ts";
import type { RecordedRun } from "../runs/recorded-entries.ts";
import type { RunDescription } from "../runs/run-description.ts";
import type { LogRange } from "../sessions/read.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

/** Settings of a backfill or a sync. Null for what was not given. */
export interface CatchUpSettings {
  actor: string | null;
  evaluator: EvaluatorChoice["name"] | null;
  model: string | null;
  timeoutMs: number | null;
  /** The maximum number of runs; null for all. */
  limit: number | null;
  upgrades: boolean;
  retriesFailed: boolean;
  env: Environment;
  home: string;
  onNotice: (notice: string) => void;
}

/** A run with its range in the log. */
export interface RunWithRange {
  described: RunDescription;
  runId: string;
  range: LogRange;
  continuationOf: string | null;
}

/** A run to be recorded. */
export interface PlannedRun extends RunWithRange {
  action: "record" | "upgrade";
  /** Its `builtin` entry, if it has one. */
  recorded: RecordedRun | null;
}

export interface BackfillPolicy {
  /** Whether the evaluator asks a model. */
  usesModel: boolean;
  /** Whether to evaluate runs with a `builtin` entry. */
  upgrades: boolean;
  /** Whether to evaluate runs again that failed before. */
  retriesFailed: boolean;
}

/**
 * Why a run is skipped.
 * - `recorded`: it has an entry
 * - `only-builtin`: it has a `builtin` entry, and the policy is not to evaluate it again
 * - `failed-before`: it has a `builtin` entry because the evaluator failed
 * - `nothing`: it is empty
 */
export type SkippedRun = "recorded" | "only-builtin" | "failed-before" | "nothing";

/** `record`: it has no entry. `upgrade`: it has a `builtin` entry. */
export type Decision = PlannedRun["action"] | SkippedRun;

export function decide(recorded: RecordedRun | null, failed: ReadonlySet<string>, policy: BackfillPolicy): Decision {
  if (recorded === null) return "record";
  if (recorded.isEvaluated || !policy.usesModel) return "recorded";
  if (!policy.upgrades) return "only-builtin";
  return failed.has(recorded.runId) && !policy.retriesFailed ? "failed-before" : "upgrade";
}

export function needsRecording(decision: Decision): decision is PlannedRun["action"] {
  return decision === "record" || decision === "upgrade";
}

/** The number of skipped runs for each reason. */
export type SkippedRuns = Record<SkippedRun, number>;

export function noSkippedRuns(): SkippedRuns {
  return { recorded: 0, "only-builtin": 0, "failed-before": 0, nothing: 0 };
}

/** A session directory or a log that cannot be used, completely or in part. */
export interface Damage {
  path: string;
  problem: string;
}

/** Whether an error concerns one directory, log or repository only, so that the others can still be processed. */
export function isDamage(error: unknown): error is Error {
  return error instanceof ExpectedError || (error instanceof Error && "syscall" in error);
}

/** The path to report for a run: its session directory or its log. */
export function pathOf({ directory, log }: RunDescription): string {
  return directory ?? log ?? "";
}

/** The first `limit` runs, in the order of the sessions and of the runs in each. */
export function limitRuns(sessions: readonly PlannedRun[][], limit: number): PlannedRun[][] {
  let left = limit;
  return sessions.flatMap((session) => {
    const taken = session.slice(0, left);
    left -= taken.length;
    return taken.length === 0 ? [] : [taken];
  });
}
