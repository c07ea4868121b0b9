// Records one planned run while holding its lock: reads it from its log, evaluates it and appends its entry.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { actorSlug } from "../changelog/actor.ts";
import { type Entry, runId } from "../changelog/entry.ts";
import { entriesFiles } from "../changelog/project-entries.ts";
import { type EvaluatorChoice, type RecordContext, type RecordOutcome, recordRun } from "../changelog/record.ts";
import { type RunFacts, readRunFacts } from "../changelog/run-facts.ts";
import { withRunLock } from "../changelog/run-lock.ts";
import { type Changelog, changelogIn, isRecorded } from "../changelog/store.ts";
import type { Failure, FailureClass } from "../evaluate/failure.ts";
import { writeExport } from "../export/export.ts";
import { type ExportOptions, prepareExport } from "../export/prepare.ts";
import { labelOfRun } from "../runs/label.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { messageOf } from "../system/errors.ts";
import { LockHeldError } from "../system/lock.ts";
import { isDamage, type PlannedRun } from "./planned-run.ts";
import { openRunSource, type ProjectContext } from "./run-source.ts";

/**
 * The result for a run.
 * - `recorded`, `upgraded`: it has a new entry of this evaluator
 * - `failed`: the evaluation failed; it has at least a `builtin` entry
 * - `exists`: another process recorded it
 * - `nothing`: it is empty
 * - `damaged`: it cannot be read
 * - `busy`: another process is recording it
 * - `halted`: the evaluation failed for a reason that would fail the next run too
 * - `abandoned`: the user stopped it
 */
export type RunOutcome =
  | { status: "recorded" | "upgraded"; entry: Entry }
  | { status: "failed" | "halted"; failure: Failure }
  | { status: "damaged"; problem: string }
  | { status: "exists" | "nothing" | "busy" | "abandoned" };

/** A log of which records were skipped because they do not parse. */
export interface MalformedLog {
  path: string;
  records: number;
}

export interface RecordPlannedContext
  extends ProjectContext,
    Pick<RecordContext, "actor" | "evaluator" | "now" | "waiting"> {
  /** The changelog for new entries. */
  changelog: Changelog;
  /** Whether to create a session directory for a session that has none. */
  exports: boolean;
  onNotice: (notice: string) => void;
  onMalformed: (log: MalformedLog) => void;
}

/** Failures that concern the account, the login or the machine, not the run. */
const HALTING: readonly FailureClass[] = ["usage_limit", "auth", "not_found"];

const NO_TRANSCRIPT = { indexHtml: null, sourceJsonl: null, sourceMatchJson: null };

export async function recordPlanned(
  run: PlannedRun,
  waits: boolean,
  context: RecordPlannedContext,
): Promise<RunOutcome> {
  const waitMs = waits ? lockWaitMs(context.evaluator) : 0;
  const outcome = await withRunLock(context.changelog, run.runId, waitMs, () => recordLocked(run, context));
  return outcome instanceof LockHeldError ? { status: "busy" } : outcome;
}

/** Long enough for both attempts of another process, and its work before and after them. */
function lockWaitMs({ timeoutMs }: EvaluatorChoice): number {
  return 2 * timeoutMs + 60_000;
}

async function recordLocked(run: PlannedRun, context: RecordPlannedContext): Promise<RunOutcome> {
  const { root, evaluator, waiting } = context;
  if (waiting?.isAbandoned()) return { status: "abandoned" };
  if (isRecordedByAnyActor(root, run, evaluator)) return { status: "exists" };
  try {
    const { directory, log } = run.described;
    const needsExport = context.exports && run.action === "record" && directory === null;
    return needsExport && log !== null ? await recordExported(run, log, context) : await record(run, context);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { status: "damaged", problem: messageOf(error) };
  }
}

async function record(run: PlannedRun, context: RecordPlannedContext): Promise<RunOutcome> {
  const { action, recorded, continuationOf, described } = run;
  const source = await openRunSource(run, context);
  const facts = await readRunFacts(source);
  reportMalformed(source.log.path, facts, context);
  if (isEmptyRun(facts.evidence)) return { status: "nothing" };

  // The new row is appended to the file with the run's `builtin` entry, because readers choose among the rows of one
  // file.
  const changelog = recorded === null ? context.changelog : changelogIn(dirname(recorded.path), context.root);
  const actor = recorded === null ? context.actor : actorSlug(recorded.actor);
  const { directory: sessionDir } = described;
  const label = described.label || (sessionDir === null ? labelOfRun(facts) : "");
  const transcript = Promise.resolve(sessionDir === null ? NO_TRANSCRIPT : transcriptIn(sessionDir, source.log.path));
  const outcome = await recordRun(
    { runId: run.runId, continuationOf, source, facts, label, sessionDir, transcript },
    { ...context, changelog, actor, holdsRunLock: true, leavesUnrecorded: isHalting },
  );
  return toRunOutcome(outcome, action);
}

/** Exports the run to a new session directory; the export also records the entry. */
async function recordExported(run: PlannedRun, log: string, context: RecordPlannedContext): Promise<RunOutcome> {
  const { root, evaluator } = context;
  const { tool, label, end } = run.described;
  const options: ExportOptions = {
    ...context,
    tool,
    cwd: root,
    projectRoot: root,
    start: null,
    end,
    sessionId: null,
    bound: { path: log, rule: "session-id" },
    output: null,
    label: label || null,
    derivesLabel: true,
    changelog: true,
    evaluator: evaluator.name,
    model: evaluator.model,
    timeoutMs: evaluator.timeoutMs,
    recording: { evaluator, holdsRunLock: true, leavesUnrecorded: isHalting },
  };
  const prepared = await prepareExport(options);
  if (prepared.run !== null) reportMalformed(log, prepared.run.facts, context);
  if (prepared.run === null || prepared.run.isEmpty) return { status: "nothing" };
  const { known, from } = prepared.run.plan;
  // Another process exported or recorded part of the run.
  if (known !== null || runId(tool, prepared.head.sessionId, from) !== run.runId) return { status: "exists" };
  const { outcome } = await writeExport(prepared, options);
  return outcome === null ? { status: "nothing" } : toRunOutcome(outcome, run.action);
}

function reportMalformed(path: string, { parseStats }: RunFacts, { onMalformed }: RecordPlannedContext): void {
  if (parseStats.unparsable > 0) onMalformed({ path, records: parseStats.unparsable });
}

function isHalting(failure: Failure): boolean {
  return HALTING.includes(failure.class);
}

function toRunOutcome({ status, entry, failure }: RecordOutcome, action: PlannedRun["action"]): RunOutcome {
  if (failure !== null) return { status: status === "pending" ? "halted" : "failed", failure };
  if (entry !== null) return { status: action === "upgrade" ? "upgraded" : "recorded", entry };
  return { status: status === "pending" ? "abandoned" : "exists" };
}

function isRecordedByAnyActor(root: string, { runId }: PlannedRun, { name }: EvaluatorChoice): boolean {
  const wanted = name === "builtin" ? "any" : "evaluated";
  return entriesFiles(root).some((path) => isRecorded(changelogIn(dirname(path)), runId, wanted));
}

/** The transcript files in a session directory; in version 1 the first page may be `trace.html`. */
function transcriptIn(directory: string, log: string) {
  const existing = (...names: string[]) => names.map((name) => join(directory, name)).find(existsSync) ?? null;
  return {
    indexHtml: existing("index.html", "trace.html"),
    sourceJsonl: dirname(log) === directory ? log : null,
    sourceMatchJson: existing("source_match.json"),
  };
}
