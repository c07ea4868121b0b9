// One planned run: read from its log, put into words and recorded, while no other process is at it.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { actorSlug } from "../changelog/actor.ts";
import { type Entry, runId } from "../changelog/entry.ts";
import { type EvaluatorChoice, type RecordContext, type RecordOutcome, recordRun } from "../changelog/record.ts";
import { readRunFacts } from "../changelog/run-facts.ts";
import { withRunLock } from "../changelog/run-lock.ts";
import { entriesFiles } from "../changelog/session-files.ts";
import { type Changelog, changelogIn, isRecorded } from "../changelog/store.ts";
import type { Failure, FailureClass } from "../evaluate/failure.ts";
import { writeExport } from "../export/export.ts";
import type { ExportOptions } from "../export/options.ts";
import { prepareExport } from "../export/prepare.ts";
import { labelOfRun } from "../runs/label.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { messageOf } from "../system/errors.ts";
import { LockHeldError } from "../system/lock.ts";
import { isDamage } from "./place-runs.ts";
import type { PlannedRun } from "./plan.ts";
import type { ProjectContext } from "./run-log.ts";
import { openRunSource } from "./run-source.ts";

/**
 * What became of a run.
 * - `recorded`, `upgraded`: it has an entry of this evaluator now
 * - `failed`: the evaluator failed at it; it has at least the entry of `builtin`
 * - `exists`: somebody else recorded it meanwhile
 * - `nothing`: nothing happened in it
 * - `damaged`: it cannot be read
 * - `busy`: another process is at it
 * - `halted`: the evaluator failed for a reason that is none of the run's, and would fail at the next one as well
 * - `abandoned`: the person ended it
 */
export type RunOutcome =
  | { status: "recorded" | "upgraded"; entry: Entry }
  | { status: "failed" | "halted"; failure: Failure }
  | { status: "damaged"; problem: string }
  | { status: "exists" | "nothing" | "busy" | "abandoned" };

export interface RecordPlannedContext
  extends ProjectContext,
    Pick<RecordContext, "actor" | "evaluator" | "now" | "waiting"> {
  /** The changelog of who gets the credit for what has no entry yet. */
  changelog: Changelog;
  /** Whether a session that has no session directory gets one. */
  exports: boolean;
  onNotice: (notice: string) => void;
}

/** Says nothing about the run at hand, but about the account, the login or the machine. */
const HALTING: readonly FailureClass[] = ["usage_limit", "auth", "not_found"];

const NO_TRANSCRIPT = { indexHtml: null, sourceJsonl: null, sourceMatchJson: null };

/** Both tries of an evaluation and what is around them, as another process makes them. */
function lockWaitMs({ timeoutMs }: EvaluatorChoice): number {
  return 2 * timeoutMs + 60_000;
}

export async function recordPlanned(
  run: PlannedRun,
  waits: boolean,
  context: RecordPlannedContext,
): Promise<RunOutcome> {
  const waitMs = waits ? lockWaitMs(context.evaluator) : 0;
  const outcome = await withRunLock(context.changelog, run.runId, waitMs, () => recordLocked(run, context));
  return outcome instanceof LockHeldError ? { status: "busy" } : outcome;
}

async function recordLocked(run: PlannedRun, context: RecordPlannedContext): Promise<RunOutcome> {
  const { root, evaluator, waiting } = context;
  if (waiting?.isAbandoned()) return { status: "abandoned" };
  if (isRecordedByAnyActor(root, run, evaluator)) return { status: "exists" };
  try {
    const isToExport = context.exports && run.action === "record" && run.described.directory === null;
    return isToExport ? await recordExported(run, context) : await record(run, context);
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { status: "damaged", problem: messageOf(error) };
  }
}

async function record(run: PlannedRun, context: RecordPlannedContext): Promise<RunOutcome> {
  const { action, recorded, continuationOf, described } = run;
  const source = await openRunSource(run, context);
  const facts = await readRunFacts(source);
  if (isEmptyRun(facts.evidence)) return { status: "nothing" };

  // The row goes where the other one of the run is: readers fold them within one file.
  const changelog = recorded === null ? context.changelog : changelogIn(dirname(recorded.path));
  const actor = recorded === null ? context.actor : actorSlug(recorded.actor);
  const { directory: sessionDir } = described;
  const label = described.label || (sessionDir === null ? labelOfRun(facts) : "");
  const transcript = Promise.resolve(sessionDir === null ? NO_TRANSCRIPT : transcriptIn(sessionDir, source.log.path));
  const outcome = await recordRun(
    { runId: run.runId, continuationOf, source, facts, label, sessionDir, transcript },
    { ...context, changelog, actor, holdsRunLock: true, leavesUnrecorded: isHalting },
  );
  return outcomeOf(outcome, action);
}

/** As an export does it, with a session directory of its own. */
async function recordExported(run: PlannedRun, context: RecordPlannedContext): Promise<RunOutcome> {
  const { root, evaluator } = context;
  const { tool, log, label, end } = run.described;
  if (log === null) throw new Error("a run without a log cannot be exported");
  let outcome: RecordOutcome | null = null;
  const options: ExportOptions = {
    ...context,
    ...{ tool, cwd: root, projectRoot: root, start: null, end, sessionId: null, output: null },
    ...{ bound: { path: log, rule: "session-id" }, label: label || null, derivesLabel: true, changelog: true },
    ...{ evaluator: evaluator.name, model: evaluator.model, timeoutMs: evaluator.timeoutMs },
    async record(exported, recordContext) {
      outcome = await recordRun(exported, {
        ...recordContext,
        evaluator,
        holdsRunLock: true,
        leavesUnrecorded: isHalting,
      });
      return outcome;
    },
  };
  const prepared = await prepareExport(options);
  if (prepared.run === null || prepared.run.isEmpty) return { status: "nothing" };
  const { known, from } = prepared.run.plan;
  // Somebody else exported or recorded some of it meanwhile.
  if (known !== null || runId(tool, prepared.head.sessionId, from) !== run.runId) return { status: "exists" };
  await writeExport(prepared, options);
  return outcome === null ? { status: "nothing" } : outcomeOf(outcome, run.action);
}

function isHalting(failure: Failure): boolean {
  return HALTING.includes(failure.class);
}

function outcomeOf({ status, entry, failure }: RecordOutcome, action: PlannedRun["action"]): RunOutcome {
  if (failure !== null) return { status: status === "pending" ? "halted" : "failed", failure };
  if (entry !== null) return { status: action === "upgrade" ? "upgraded" : "recorded", entry };
  return { status: status === "pending" ? "abandoned" : "exists" };
}

function isRecordedByAnyActor(root: string, { runId }: PlannedRun, { name }: EvaluatorChoice): boolean {
  const wanted = name === "builtin" ? "any" : "evaluated";
  return entriesFiles(root).some((path) => isRecorded(changelogIn(dirname(path)), runId, wanted));
}

/** What a session directory holds of its session; the ancestor's may have one page by another name. */
function transcriptIn(directory: string, log: string) {
  const existing = (...names: string[]) => names.map((name) => join(directory, name)).find(existsSync) ?? null;
  return {
    indexHtml: existing("index.html", "trace.html"),
    sourceJsonl: dirname(log) === directory ? log : null,
    sourceMatchJson: existing("source_match.json"),
  };
}
