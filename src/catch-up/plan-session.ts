// Plans one session of a sync in its repository. Like a backfill, it includes the runs that session directories and
// entries describe; like an export, the rest of the log.
import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import { WorkLocations } from "../evidence/work-locations.ts";
import {
  addRecordedRuns,
  type EarlierRun,
  type EarlierRuns,
  NO_EARLIER_RUNS,
  verifyPositions,
} from "../runs/earlier-runs.ts";
import { labelFromPrompt } from "../runs/label.ts";
import type { RecordedRunTimes } from "../runs/recorded-entries.ts";
import { isReportable } from "../runs/reportable.ts";
import type { RunDescription } from "../runs/run-description.ts";
import { planNextRun } from "../runs/select-run.ts";
import type { LogEnd } from "../sessions/activity.ts";
import { hasComparableSize, type NativeLog } from "../sessions/native-logs.ts";
import { type LogRange, type LogRef, readEvents } from "../sessions/read.ts";
import { needsRecording, type PlannedRun, type RunWithRange, type SkippedRun } from "./planned-run.ts";
import type { ProjectRecords } from "./project-records.ts";
import { findRunRanges, rangesInRecords } from "./run-ranges.ts";
import type { ProjectContext } from "./run-source.ts";

const EVERYTHING = { start: null, end: null };

export interface SessionPlan {
  /** Known runs that have no entry or only a `builtin` one. */
  known: PlannedRun[];
  /** Null if all of the log is recorded or exported. */
  unrecorded: UnrecordedRun | null;
  skipped: SkippedRun[];
}

/** A range of a log that was neither recorded nor exported. */
export interface UnrecordedRun {
  range: LogRange;
  continuationOf: string | null;
  /** The last label of the session; empty if there is none. */
  label: string;
  /** The times of its first and last record. */
  start: string | null;
  end: string | null;
}

/** Plans one session. Does not read a log whose end is known to be recorded. */
export async function planSession(
  log: NativeLog,
  records: ProjectRecords,
  context: ProjectContext,
): Promise<SessionPlan> {
  const { head, path } = log;
  const described = records.describedOf(head.sessionId);
  const onlyEntries = records.entriesWithoutDirectory(head.sessionId);
  const decisions = [
    ...described.map((run) => (run.isEmpty ? "nothing" : records.decide(records.recorded.find(run)))),
    ...onlyEntries.map((entry) => records.decide(entry)),
  ];
  const unplaced = described.filter((run) => run.position === null && records.recorded.find(run) !== null);
  const isDone = isCovered(log, described, [...unplaced, ...onlyEntries]);
  const skipped = decisions.filter((decision) => !needsRecording(decision));
  if (isDone && skipped.length === decisions.length) return { known: [], unrecorded: null, skipped };

  const hasPositions = described.every(({ position }) => position !== null);
  const runs = hasPositions
    ? rangesInRecords(described)
    : (await findRunRanges(described, (run) => records.recordedIdOf(run), context)).runs;
  const exported = await verifyPositions(path, runs.map(toEarlierRun));
  const earlier = await addRecordedRuns(exported, onlyEntries, refOf(log), head);
  const known = [
    ...runs.filter((run) => !run.described.isEmpty),
    ...onlyEntries.flatMap((entry) => placedEntry(entry, log, earlier.runs)),
  ]
    .toSorted((a, b) => a.range.from - b.range.from)
    .map((run) => records.plan(run))
    .filter((planned) => typeof planned !== "string");
  const label = described.at(-1)?.label || onlyEntries.at(-1)?.label || "";
  return { known, unrecorded: isDone ? null : await findUnrecorded(earlier, label, log, records), skipped };
}

function refOf({ path, head }: NativeLog): LogRef {
  return { tool: head.tool, path, head };
}

/** Whether the known runs reach the end of a log, by their export records or, without positions, by their entries. */
function isCovered(
  log: NativeLog,
  described: readonly RunDescription[],
  entries: readonly { end: string | null }[],
): boolean {
  const { lastAt, size } = log;
  if (hasComparableSize(log) && described.some(({ position }) => position !== null && position.to >= size)) return true;
  const last = instantOf(lastAt);
  return last !== null && entries.some(({ end }) => (instantOf(end) ?? 0) >= last);
}

function toEarlierRun({ described, runId, range }: RunWithRange): EarlierRun {
  const { position, end } = described;
  return { runId, ...range, endHash: position?.endHash ?? null, endedAt: position?.lastAt ?? end };
}

/** The run of an entry without a session directory, if its range is known. */
function placedEntry(entry: RecordedRunTimes, log: NativeLog, runs: readonly EarlierRun[]): RunWithRange[] {
  const run = runs.find((earlier) => earlier.runId === entry.runId);
  if (run === undefined) return [];
  const { runId, continuationOf } = entry;
  return [{ described: describe(log, entry, runId), runId, range: { from: run.from, to: run.to }, continuationOf }];
}

/** Describes a run that has no session directory. */
function describe(
  { path, head }: NativeLog,
  { label, start, end }: Pick<UnrecordedRun, "label" | "start" | "end">,
  existingRunId: string | null,
): RunDescription {
  return {
    directory: null,
    log: path,
    tool: head.tool,
    sessionId: head.sessionId,
    label,
    start,
    end,
    position: null,
    existingRunId,
    hasWindow: true,
    isEmpty: false,
  };
}

/** The run that an export would create now. */
async function findUnrecorded(
  earlier: EarlierRuns,
  label: string,
  log: NativeLog,
  records: ProjectRecords,
): Promise<UnrecordedRun | null> {
  const { head } = log;
  const { window, plan } = await planNextRun(earlier, EVERYTHING, refOf(log), head);
  if (plan === null || plan.known !== null) return null;
  const { from, to } = plan;
  // In a rewritten log, positions are not valid, but the entries still show which run was the last.
  const continuationOf = plan.continuationOf ?? records.recorded.inSession(head.sessionId).at(-1)?.runId ?? null;
  // The run has an entry without times.
  if (records.recorded.byId(runId(head.tool, head.sessionId, from)) !== null) return null;
  return { range: { from, to }, continuationOf, label, start: window.firstAt, end: window.lastAt };
}

/** The run of a session that has no export records and no entries; null if its log is empty. */
export async function planUnrecorded(log: NativeLog): Promise<UnrecordedRun | null> {
  const { window, plan } = await planNextRun(NO_EARLIER_RUNS, EVERYTHING, refOf(log), log.head);
  if (plan === null) return null;
  const { from, to } = plan;
  return { range: { from, to }, continuationOf: null, label: "", start: window.firstAt, end: window.lastAt };
}

/** Plans to record an unrecorded run. */
export function plannedUnrecorded(log: NativeLog, run: UnrecordedRun, promptLabel: string | null): PlannedRun {
  const { tool, sessionId } = log.head;
  const { range, continuationOf } = run;
  const described = { ...describe(log, run, null), promptLabel };
  return {
    action: "record",
    recorded: null,
    runId: runId(tool, sessionId, range.from),
    range,
    continuationOf,
    described,
  };
}

/** What the events in an unrecorded range show. */
export interface UnrecordedRange {
  locations: WorkLocations;
  /** Whether an entry has something to report. */
  isReportable: boolean;
  end: LogEnd;
  /** A label made from the first prompt. */
  promptLabel: string | null;
}

export async function readUnrecordedRange(log: NativeLog, range: LogRange, home: string): Promise<UnrecordedRange> {
  const locations = new WorkLocations(home);
  const read: UnrecordedRange = { locations, isReportable: false, end: "turn", promptLabel: null };
  let isOpen = false;
  await readEvents(refOf(log), range, (event) => {
    locations.push(event);
    isOpen ||= "outcome" in event && event.outcome === "running";
    if (isReportable(event)) {
      read.isReportable = true;
      read.end = event.kind === "reply" ? "rest" : "turn";
    }
    if (event.kind === "prompt" && event.agent === null) read.promptLabel ??= labelFromPrompt(event.text);
  });
  return isOpen ? { ...read, end: "call" } : read;
}
