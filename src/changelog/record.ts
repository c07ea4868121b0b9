// Evaluates one run and appends its entry. A failed evaluation is written to `failures.jsonl`, and the entry is then
// made from the facts alone.
import type { DigestAbout } from "../digest/collector.ts";
import type { Digest } from "../digest/digest.ts";
import { evaluateBuiltin } from "../evaluate/builtin/builtin.ts";
import type { CliDryRun } from "../evaluate/cli-evaluation.ts";
import type { Description } from "../evaluate/description.ts";
import type { Evaluation, EvaluationResult, EvaluatorOptions } from "../evaluate/evaluator.ts";
import type { Failure } from "../evaluate/failure.ts";
import { type CliEvaluatorName, dryRunDigest, type EvaluatorName, evaluateDigest } from "../evaluate/registry.ts";
import { reviewDescription } from "../evaluate/review/review.ts";
import { trackedNames } from "../evaluate/review/tracked-names.ts";
import { scrubPathsDeep } from "../secrets/scrub-paths.ts";
import { ExpectedError } from "../system/errors.ts";
import { LockHeldError } from "../system/lock.ts";
import type { Environment } from "../system/paths.ts";
import { failureRow, projectName, type RunToRecord, scrubContext, toEntry } from "./build-rows.ts";
import type { Entry } from "./entry.ts";
import { appendFailure } from "./failures.ts";
import { withRunLock } from "./run-lock.ts";
import { appendEntry, type Changelog, isRecorded } from "./store.ts";

/** The evaluator of a run, with its settings. */
export interface EvaluatorChoice {
  name: EvaluatorName;
  /** The executable; not used for `builtin`. */
  command: string;
  /** Null for the tool's default. */
  model: string | null;
  timeoutMs: number;
  /** Whether a timeout is retried with a smaller digest, if nobody waits at a terminal. */
  retriesTimeout?: boolean;
}

export interface RecordContext {
  changelog: Changelog;
  actor: string;
  evaluator: EvaluatorChoice;
  env: Environment;
  now: () => Date;
  waiting?: EvaluationWait | undefined;
  /** Whether the caller holds the lock of the run. */
  holdsRunLock?: boolean;
  /** Whether a failure is not recorded and leaves the run pending, because the run is not its cause. */
  leavesUnrecorded?: (failure: Failure) => boolean;
}

/** Callbacks for a user who waits for an evaluation and may stop it. */
export interface EvaluationWait {
  /** Called when an evaluation starts; the promise settles when it ends. */
  onEvaluation(evaluator: string, ended: Promise<unknown>): void;
  /** Whether the user stopped the evaluation: the run then stays pending. */
  isAbandoned(): boolean;
}

/** The result of recording a run. `entry` is what this call wrote; a `pending` run has no entry yet. */
export interface RecordOutcome {
  status: "recorded" | "exists" | "pending";
  entry: Entry | null;
  /** Why a requested evaluation is missing. */
  failure: Failure | null;
  /** Set if another process held the lock of the run until this one gave up. */
  lockHeld?: LockHeldError;
}

export type EvaluationDryRun =
  | ({ evaluator: CliEvaluatorName } & CliDryRun)
  | { evaluator: "builtin"; verdict: Description };

const PENDING: RecordOutcome = { status: "pending", entry: null, failure: null };
/**
 * Added to the timeout while waiting for another process: the time for its second attempt and for recording the answer.
 */
const MARGIN_MS = 30_000;

/** Records a run, unless it has an entry as good as this evaluator's. Waits for a process that holds the run's lock. */
export async function recordRun(run: RunToRecord, context: RecordContext): Promise<RecordOutcome> {
  const { changelog, evaluator, holdsRunLock } = context;
  if (holdsRunLock || evaluator.name === "builtin") return await record(run, context);
  const waitMs = evaluator.timeoutMs + MARGIN_MS;
  const outcome = await withRunLock(changelog, run.runId, waitMs, () => record(run, context));
  return outcome instanceof LockHeldError ? { ...PENDING, lockHeld: outcome } : outcome;
}

async function record(run: RunToRecord, context: RecordContext): Promise<RecordOutcome> {
  const { changelog, evaluator, waiting, leavesUnrecorded } = context;
  const wanted = evaluator.name === "builtin" ? "any" : "evaluated";
  if (isRecorded(changelog, run.runId, wanted)) return { status: "exists", entry: null, failure: null };

  const result = await evaluateUnlessAbandoned(waiting, run, context);
  if (result === null) return PENDING;
  const failure = result.ok ? null : result.failure;
  if (failure !== null && leavesUnrecorded?.(failure)) return { ...PENDING, failure };
  if (failure !== null) noteFailure(run, failure, context);
  const evaluation = result.ok ? result.evaluation : withoutModel(builtinEvaluation(run), result.failure);
  // The entry names only files that exist.
  const entry = toEntry(run, await run.transcript, evaluation, context);
  const status = (await appendEntry(changelog, entry)) === "appended" ? "recorded" : "exists";
  return { status, entry: status === "recorded" ? entry : null, failure };
}

/** Appends the failure. If that is not possible, the entry is still recorded. */
function noteFailure(run: RunToRecord, failure: Failure, context: RecordContext): void {
  try {
    appendFailure(context.changelog, failureRow(run, failure, context));
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
  }
}

/** Null if the user stopped it. */
async function evaluateUnlessAbandoned(
  waiting: EvaluationWait | undefined,
  run: RunToRecord,
  context: RecordContext,
): Promise<EvaluationResult | null> {
  if (waiting === undefined || context.evaluator.name === "builtin") return await evaluate(run, context);
  if (waiting.isAbandoned()) return null;
  const evaluating = evaluate(run, context);
  waiting.onEvaluation(context.evaluator.name, evaluating);
  const result = await evaluating;
  return result.ok || !waiting.isAbandoned() ? result : null;
}

/** The evaluation without a model. Its notes say so if a model's answer could not be used. */
function withoutModel(evaluation: Evaluation, failure: Failure): Evaluation {
  if (failure.class !== "bad_output") return evaluation;
  const notes = "The model's answer could not be used: see `failures.jsonl`.";
  return { ...evaluation, description: { ...evaluation.description, notes } };
}

type EvaluationContext = Pick<RecordContext, "evaluator" | "env">;
type EvaluatedRun = Pick<RunToRecord, "source" | "facts" | "label">;

async function evaluate(run: EvaluatedRun, context: EvaluationContext): Promise<EvaluationResult> {
  const { name } = context.evaluator;
  if (name === "builtin") return { ok: true, evaluation: builtinEvaluation(run) };
  const digest = digestOf(run);
  const result = await evaluateDigest(name, digest, optionsOf(run, context));
  return result.ok ? reviewed(result.evaluation, digest, run) : result;
}

/** The model's description of the run, checked against the facts. */
async function reviewed(evaluation: Evaluation, digest: Digest, run: EvaluatedRun): Promise<EvaluationResult> {
  const { evidence } = run.facts;
  const tracked = await trackedNames(run.source.root, digest);
  const description = scrubPathsDeep(evaluation.description, scrubContext(run.source));
  const review = reviewDescription(description, { digest, evidence, tracked, own: builtinEvaluation(run).description });
  if (review.ok) return { ok: true, evaluation: { ...evaluation, description: review.description } };
  const failure: Failure = { class: "bad_output", message: review.problem, retryAt: null, stderrTail: "" };
  return { ok: false, failure };
}

/** The command and prompt of an evaluation, or the description without a model. Nothing is run or written. */
export async function dryRunEvaluation(run: EvaluatedRun, context: EvaluationContext): Promise<EvaluationDryRun> {
  const { name } = context.evaluator;
  if (name === "builtin") return { evaluator: name, verdict: builtinEvaluation(run).description };
  return { evaluator: name, ...(await dryRunDigest(name, digestOf(run), optionsOf(run, context))) };
}

function builtinEvaluation(run: EvaluatedRun): Evaluation {
  return evaluateBuiltin(run.facts.evidence, digestAbout(run));
}

function digestOf(run: EvaluatedRun): Digest {
  return run.facts.digest.build(run.facts.evidence, digestAbout(run));
}

function optionsOf({ source }: EvaluatedRun, { evaluator, env }: EvaluationContext): EvaluatorOptions {
  const { command, model, timeoutMs, retriesTimeout } = evaluator;
  return { command, model, timeoutMs, retriesTimeout, env, home: source.home };
}

function digestAbout({ source, facts, label }: EvaluatedRun): DigestAbout {
  const { start, end, priorPrompts, secrets } = facts;
  const project = projectName(source);
  return { tool: source.log.tool, label, project, start, end, priorPrompts, paths: scrubContext(source), secrets };
}
