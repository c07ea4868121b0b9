// One run, one row: facts put into words by an evaluator, cleaned, and appended. An evaluation that fails is written
// down, and the facts are recorded without it.
import { hostname } from "node:os";
import { basename } from "node:path";
import type { DigestAbout } from "../digest/collector.ts";
import type { Digest } from "../digest/digest.ts";
import { evaluateBuiltin } from "../evaluate/builtin/builtin.ts";
import type { CliDryRun } from "../evaluate/cli-evaluation.ts";
import type { Evaluation, EvaluationResult, EvaluatorOptions } from "../evaluate/evaluator.ts";
import type { Failure } from "../evaluate/failure.ts";
import { type CliEvaluatorName, dryRunDigest, type EvaluatorName, evaluateDigest } from "../evaluate/registry.ts";
import { reviewVerdict } from "../evaluate/review/review.ts";
import type { Verdict } from "../evaluate/verdict.ts";
import { mapStrings } from "../secrets/map-strings.ts";
import { type ScrubContext, scrubPaths, scrubPathsDeep } from "../secrets/scrub-paths.ts";
import { ExpectedError } from "../system/errors.ts";
import { LockHeldError } from "../system/lock.ts";
import type { Environment } from "../system/paths.ts";
import { portablePath } from "../system/paths.ts";
import { type Entry, SCHEMA_VERSION } from "./entry.ts";
import { appendFailure } from "./failures.ts";
import type { RunFacts, RunSource } from "./run-facts.ts";
import { withRunLock } from "./run-lock.ts";
import { appendEntry, type Changelog, isRecorded } from "./store.ts";

/** What puts a run into words. */
export interface EvaluatorChoice {
  name: EvaluatorName;
  /** The program's executable; `builtin` has none. */
  command: string;
  /** Null leaves the choice to the tool. */
  model: string | null;
  timeoutMs: number;
  /** Whether a model that took too long is asked once more, for less: where nobody waits at a terminal. */
  retriesTimeout?: boolean;
}

export interface RunToRecord {
  runId: string;
  /** The run before this one in the same session. */
  continuationOf: string | null;
  source: RunSource;
  facts: RunFacts;
  label: string;
  /** Where the transcript lives, absolute paths; null where there is none. */
  sessionDir: string | null;
  /** Known once it is written: a model may be asked meanwhile. Where it fails, no entry is recorded. */
  transcript: Promise<TranscriptFiles>;
}

export interface TranscriptFiles {
  indexHtml: string | null;
  sourceJsonl: string | null;
  sourceMatchJson: string | null;
}

export interface RecordContext {
  changelog: Changelog;
  actor: string;
  evaluator: EvaluatorChoice;
  env: Environment;
  now: () => Date;
  waiting?: EvaluationWait | undefined;
  /** The caller holds the lock of the run. */
  holdsRunLock?: boolean;
  /** Whether a failure leaves the run as it is, because it tells nothing about it; else it is written down. */
  leavesUnrecorded?: (failure: Failure) => boolean;
}

/** Somebody who waits for an evaluation. */
export interface EvaluationWait {
  /** One has begun; the promise settles when it is over. */
  onEvaluation(evaluator: string, over: Promise<unknown>): void;
  /** Nobody waits any longer, and what ran was stopped: the run is evaluated another time. */
  isAbandoned(): boolean;
}

/** What became of a run's entry. `entry` is what this call wrote; a run that is `pending` has none yet. */
export interface RecordOutcome {
  status: "recorded" | "exists" | "pending";
  entry: Entry | null;
  /** Why the entry is only `builtin`, or pending, where a model was asked. */
  failure: Failure | null;
  /** Who was at the run all the time, and what to do about that. */
  lockHeld?: LockHeldError;
}

export type EvaluationDryRun =
  | ({ evaluator: CliEvaluatorName } & CliDryRun)
  | { evaluator: "builtin"; verdict: Verdict };

const PENDING: RecordOutcome = { status: "pending", entry: null, failure: null };
/** What a model's answer takes to be recorded, and a second try to be made. */
const MARGIN_MS = 30_000;

/** Records a run, unless it is recorded as well as this evaluator could. Who is at it already is waited for. */
export async function recordRun(run: RunToRecord, context: RecordContext): Promise<RecordOutcome> {
  const { changelog, evaluator, holdsRunLock: isLocked } = context;
  if (isLocked || evaluator.name === "builtin") return await record(run, context);
  const waitMs = evaluator.timeoutMs + MARGIN_MS;
  const outcome = await withRunLock(changelog, run.runId, waitMs, () => record(run, context));
  return outcome instanceof LockHeldError ? { ...PENDING, lockHeld: outcome } : outcome;
}

async function record(run: RunToRecord, context: RecordContext): Promise<RecordOutcome> {
  const { changelog, evaluator, waiting, leavesUnrecorded: leaves } = context;
  const wanted = evaluator.name === "builtin" ? "any" : "evaluated";
  if (isRecorded(changelog, run.runId, wanted)) return { status: "exists", entry: null, failure: null };

  const result = await evaluateUnlessAbandoned(waiting, run, context);
  if (result === null) return PENDING;
  const failure = result.ok ? null : result.failure;
  if (failure !== null && leaves?.(failure)) return { ...PENDING, failure };
  if (failure !== null) noteFailure(run, failure, context);
  const evaluation = result.ok ? result.evaluation : withoutModel(builtinEvaluation(run), result.failure);
  // A row names only what is there.
  const entry = toEntry(run, await run.transcript, evaluation, context);
  const status = (await appendEntry(changelog, entry)) === "appended" ? "recorded" : "exists";
  return { status, entry: status === "recorded" ? entry : null, failure };
}

/** For the person who asks later; a note that cannot be made costs nobody the entry. */
function noteFailure(run: RunToRecord, failure: Failure, context: RecordContext): void {
  try {
    appendFailure(context.changelog, failureRow(run, failure, context));
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
  }
}

/** Null when nobody waited for the end of it. */
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

/** The facts alone; where a model did answer, they say that its words are not here. */
function withoutModel(evaluation: Evaluation, failure: Failure): Evaluation {
  if (failure.class !== "bad_output") return evaluation;
  const notes = "The model's answer was not fit for an entry: `failures.jsonl` says why.";
  return { ...evaluation, verdict: { ...evaluation.verdict, notes } };
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

/** What a model said, as far as the facts bear it out. */
function reviewed(evaluation: Evaluation, digest: Digest, run: EvaluatedRun): EvaluationResult {
  const { evidence } = run.facts;
  const said = scrubPathsDeep(evaluation.verdict, scrubContext(run.source));
  const review = reviewVerdict(said, { digest, evidence, own: builtinEvaluation(run).verdict });
  if (review.ok) return { ok: true, evaluation: { ...evaluation, verdict: review.verdict } };
  const failure: Failure = { class: "bad_output", message: review.problem, retryAt: null, stderrTail: "" };
  return { ok: false, failure };
}

/** What an evaluation would run and ask, or what it would say without a model. Nothing is run or written. */
export async function dryRunEvaluation(run: EvaluatedRun, context: EvaluationContext): Promise<EvaluationDryRun> {
  const { name } = context.evaluator;
  if (name === "builtin") return { evaluator: name, verdict: builtinEvaluation(run).verdict };
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

/** What a file inside the project is called, the project itself tells already. */
function projectPath(path: string, source: RunSource): string {
  return /^[~/]/.test(path) ? scrubPaths(path, scrubContext(source)) : path;
}

/** The name of the project's folder; that of a home folder names a person. */
function projectName({ root, home }: RunSource): string {
  return root === home ? "~" : basename(root);
}

/** What would tell where the run took place, and on whose machine. */
function scrubContext({ root, home }: RunSource): ScrubContext {
  return { root, home, host: hostname() };
}

/** The row, with everything taken out that must not be committed: secrets, home paths, addresses. */
export function toEntry(
  run: RunToRecord,
  transcript: TranscriptFiles,
  evaluation: Evaluation,
  { actor, now }: RecordContext,
): Entry {
  const { source, facts, sessionDir } = run;
  const stored = (path: string | null) => (path === null ? null : portablePath(path, source.root, source.home));
  const { summary, bullets, tags, notes } = evaluation.verdict;
  const { touchedFiles, tests, commits } = facts.evidence;
  const { secrets } = facts;
  const told = secrets.redactDeep({ label: run.label, summary, bullets, tags, notes, tests, commits });
  const files = secrets.redactDeep(mapStrings(touchedFiles, (path) => projectPath(path, source)));
  return {
    schema_version: SCHEMA_VERSION,
    run_id: run.runId,
    created_at: now().toISOString(),
    tool: source.log.tool,
    actor,
    project: projectName(source),
    session_id: source.head.sessionId,
    start: facts.start,
    end: facts.end,
    session_dir: stored(sessionDir),
    continuation_of_run_id: run.continuationOf,
    transcript: {
      output_dir: stored(sessionDir),
      index_html: stored(transcript.indexHtml),
      source_jsonl: stored(transcript.sourceJsonl),
      source_match_json: stored(transcript.sourceMatchJson),
    },
    evaluator: evaluation.evaluator,
    ...scrubPathsDeep(told.value, scrubContext(source)),
    touched_files: files.value,
    redactions: told.count + files.count + evaluation.redactions,
  };
}

/** The failure, cleaned the same. */
export function failureRow(run: RunToRecord, failure: Failure, { evaluator, now }: RecordContext) {
  const { source, facts } = run;
  const message = facts.secrets.redactDeep({ message: failure.message, stderr_tail: failure.stderrTail });
  return {
    run_id: run.runId,
    created_at: now().toISOString(),
    session_id: source.head.sessionId,
    tool: source.log.tool,
    class: failure.class,
    ...scrubPathsDeep(message.value, scrubContext(source)),
    evaluator: evaluator.name,
    source: scrubPaths(portablePath(source.log.path, source.root, source.home), scrubContext(source)),
    retry_at: failure.retryAt,
  };
}
