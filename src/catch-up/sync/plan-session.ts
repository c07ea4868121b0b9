// What is to be done about one session in the repository it belongs to: what its session directory or its entries tell
// of, as a backfill does it, and what its log holds besides, as an export would take it.

import { runId } from "../../changelog/entry.ts";
import { instantOf } from "../../events/timestamps.ts";
import type { DescribedRun } from "../../runs/described-run.ts";
import { type EarlierRun, NO_EARLIER_RUNS, verifyPositions } from "../../runs/known.ts";
import { addRecordedRuns } from "../../runs/recorded.ts";
import type { RecordedRunTimes } from "../../runs/recorded-entries.ts";
import { planNextRun } from "../../runs/select.ts";
import { hasComparableSize, type NativeLog } from "../../sessions/native-logs.ts";
import type { LogRange, LogRef } from "../../sessions/read.ts";
import type { Decision } from "../decide.ts";
import { type PlacedRun, placedByRecords, placeRuns } from "../place-runs.ts";
import { needsRecording, type PlannedRun } from "../plan.ts";
import type { ProjectContext } from "../run-log.ts";
import type { ProjectRecords } from "./project-records.ts";

type Left = Exclude<Decision, "record" | "upgrade"> | "nothing";

export interface SessionPlan {
  /** What is known of it and has no entry, or one that no model saw. */
  known: PlannedRun[];
  /** What nobody knows of yet; null where there is none. */
  unrecorded: UnrecordedRun | null;
  /** What is left as it is, and why. */
  skipped: Left[];
}

/** A stretch of a log that nobody recorded. */
export interface UnrecordedRun {
  range: LogRange;
  continuationOf: string | null;
  /** What the session was called before; empty when nobody called it anything. */
  label: string;
  /** When it begins and ends, by its records. */
  start: string | null;
  end: string | null;
}

/** Plans one session. Reads nothing of a log whose end is known to be recorded. */
export async function planSession(
  log: NativeLog,
  records: ProjectRecords,
  places: ProjectContext,
): Promise<SessionPlan> {
  const { head, path } = log;
  const ref: LogRef = { tool: head.tool, path, head };
  const described = records.describedOf(head.sessionId);
  const alone = records.entriesWithoutDirectory(head.sessionId);
  const decisions = [
    ...described.map((run) => (run.isEmpty ? ("nothing" as const) : records.decide(records.recorded.find(run)))),
    ...alone.map((entry) => records.decide(entry)),
  ];
  const placeless = described.filter((run) => run.position === null && records.recorded.find(run) !== null);
  const isDone = isCovered(log, described, [...placeless, ...alone]);
  const left = decisions.filter((decision) => decision === "nothing" || !needsRecording(decision)) as Left[];
  if (isDone && left.length === decisions.length) return { known: [], unrecorded: null, skipped: left };

  const nameOf = (run: DescribedRun) => records.recorded.find(run)?.runId ?? null;
  const isPlaced = described.every(({ position }) => position !== null);
  const runs = isPlaced ? placedByRecords(described) : (await placeRuns(described, nameOf, places)).runs;
  const books = await verifyPositions(path, runs.map(asExported));
  const all = await addRecordedRuns(books, alone, ref, head);
  const known = [
    ...runs.filter(({ described: { isEmpty } }) => !isEmpty),
    ...alone.flatMap((entry) => placedEntry(entry, log, all.runs)),
  ];
  const planned = known.toSorted((a, b) => a.range.from - b.range.from).flatMap((run) => planKnown(run, records));
  const label = described.at(-1)?.label || alone.at(-1)?.label || "";
  return { known: planned, unrecorded: isDone ? null : await findUnrecorded(all, label, log, records), skipped: left };
}

/** Whether books, or entries where these tell no positions, reach to the end of a log. */
function isCovered(
  log: NativeLog,
  described: readonly DescribedRun[],
  entries: readonly { end: string | null }[],
): boolean {
  const { lastAt, size } = log;
  if (hasComparableSize(log) && described.some(({ position }) => position !== null && position.to >= size)) return true;
  const last = instantOf(lastAt);
  return last !== null && entries.some(({ end }) => (instantOf(end) ?? 0) >= last);
}

function asExported({ described, runId, range }: PlacedRun): EarlierRun {
  const { position, end } = described;
  return { runId, ...range, endHash: position?.endHash ?? null, endedAt: position?.lastAt ?? end };
}

/** A run that only an entry tells of, as it lies in the log. */
function placedEntry(entry: RecordedRunTimes, { path, head }: NativeLog, runs: readonly EarlierRun[]): PlacedRun[] {
  const placed = runs.find((run) => run.runId === entry.runId);
  if (placed === undefined) return [];
  const { runId, label, start, end, continuationOf } = entry;
  const unknown = { directory: null, position: null, hasWindow: true, isEmpty: false };
  const about = { log: path, tool: head.tool, sessionId: head.sessionId, label, start, end, existingRunId: runId };
  const { from, to } = placed;
  return [{ described: { ...unknown, ...about }, runId, range: { from, to }, continuationOf }];
}

function planKnown(run: PlacedRun, records: ProjectRecords): PlannedRun[] {
  const recorded = records.recorded.byId(run.runId);
  const decision = records.decide(recorded);
  return needsRecording(decision) ? [{ ...run, action: decision, recorded }] : [];
}

/** What an export would take now. */
async function findUnrecorded(
  known: Parameters<typeof planNextRun>[0],
  label: string,
  { path, head }: NativeLog,
  records: ProjectRecords,
): Promise<UnrecordedRun | null> {
  const { window, plan } = await planNextRun(known, { start: null, end: null }, { tool: head.tool, path }, head);
  if (plan === null || plan.known !== null) return null;
  const { from, to } = plan;
  // Of a log that was rewritten positions tell nothing, but entries tell which run was the last.
  const continuationOf = plan.continuationOf ?? records.recorded.inSession(head.sessionId).at(-1)?.runId ?? null;
  // An entry that tells no time is of it.
  if (records.recorded.byId(runId(head.tool, head.sessionId, from)) !== null) return null;
  return { range: { from, to }, continuationOf, label, start: window.firstAt, end: window.lastAt };
}

/** What nobody knows anything of. */
export async function planUnrecorded(log: NativeLog): Promise<UnrecordedRun | null> {
  const { path, head } = log;
  const { window, plan } = await planNextRun(
    NO_EARLIER_RUNS,
    { start: null, end: null },
    { tool: head.tool, path },
    head,
  );
  if (plan === null) return null;
  const { from, to } = plan;
  return { range: { from, to }, continuationOf: null, label: "", start: window.firstAt, end: window.lastAt };
}

/** A fresh run, to be recorded. */
export function plannedUnrecorded({ path, head }: NativeLog, fresh: UnrecordedRun, asked: string | null): PlannedRun {
  const { tool, sessionId } = head;
  const { range, continuationOf, label, start, end } = fresh;
  const nowhere = { directory: null, position: null, existingRunId: null, hasWindow: true, isEmpty: false };
  return {
    action: "record",
    recorded: null,
    runId: runId(tool, sessionId, range.from),
    range,
    continuationOf,
    described: { ...nowhere, log: path, tool, sessionId, label, promptLabel: asked, start, end },
  };
}
