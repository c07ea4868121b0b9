// What is to be done about one session in the repository it belongs to: what its session directory or its entries tell
// of, as a backfill does it, and what its log holds besides, as an export would take it.

import { runId } from "../../changelog/entry.ts";
import { instantOf } from "../../events/timestamps.ts";
import type { DescribedRun } from "../../runs/described-run.ts";
import { type ExportedBefore, holdAgainst, NO_RUNS } from "../../runs/known.ts";
import { withRecorded } from "../../runs/recorded.ts";
import type { RecordedTimes } from "../../runs/recorded-entries.ts";
import { nextRun } from "../../runs/select.ts";
import { hasComparableSize, type NativeLog } from "../../sessions/native-logs.ts";
import type { LogRange, LogRef } from "../../sessions/read.ts";
import type { Decision } from "../decide.ts";
import { type PlacedRun, placedByBooks, placeRuns } from "../place-runs.ts";
import { isToDo, type PlannedRun } from "../plan.ts";
import type { LogPlaces } from "../run-log.ts";
import type { ProjectRecords } from "./project-records.ts";

type Left = Exclude<Decision, "record" | "upgrade"> | "nothing";

export interface SessionPlan {
  /** What is known of it and has no entry, or one that no model saw. */
  known: PlannedRun[];
  /** What nobody knows of yet; null where there is none. */
  fresh: FreshRun | null;
  /** What is left as it is, and why. */
  left: Left[];
}

/** A stretch of a log that nobody recorded. */
export interface FreshRun {
  range: LogRange;
  continuationOf: string | null;
  /** What the session was called before; empty when nobody called it anything. */
  label: string;
  /** When it begins and ends, by its records. */
  start: string | null;
  end: string | null;
}

/** Plans one session. Reads nothing of a log whose end is known to be recorded. */
export async function planSession(log: NativeLog, records: ProjectRecords, places: LogPlaces): Promise<SessionPlan> {
  const { head, path } = log;
  const ref: LogRef = { tool: head.tool, path, head };
  const described = records.describedOf(head.sessionId);
  const alone = records.recordedAlone(head.sessionId);
  const decisions = [
    ...described.map((run) => (run.isNothing ? ("nothing" as const) : records.decide(records.recorded.of(run)))),
    ...alone.map((entry) => records.decide(entry)),
  ];
  const placeless = described.filter((run) => run.position === null && records.recorded.of(run) !== null);
  const isDone = isCovered(log, described, [...placeless, ...alone]);
  const left = decisions.filter((decision) => decision === "nothing" || !isToDo(decision)) as Left[];
  if (isDone && left.length === decisions.length) return { known: [], fresh: null, left };

  const nameOf = (run: DescribedRun) => records.recorded.of(run)?.runId ?? null;
  const isPlaced = described.every(({ position }) => position !== null);
  const runs = isPlaced ? placedByBooks(described) : (await placeRuns(described, nameOf, places)).runs;
  const books = await holdAgainst(path, runs.map(asExported));
  const all = await withRecorded(books, alone, ref, head);
  const known = [
    ...runs.filter(({ described: { isNothing } }) => !isNothing),
    ...alone.flatMap((entry) => placedAlone(entry, log, all.runs)),
  ];
  const planned = known.toSorted((a, b) => a.range.from - b.range.from).flatMap((run) => planKnown(run, records));
  const label = described.at(-1)?.label || alone.at(-1)?.label || "";
  return { known: planned, fresh: isDone ? null : await findFresh(all, label, log, records), left };
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

function asExported({ described, runId, range }: PlacedRun): ExportedBefore {
  const { position, end } = described;
  return { runId, ...range, endHash: position?.endHash ?? null, endedAt: position?.lastAt ?? end };
}

/** A run that only an entry tells of, as it lies in the log. */
function placedAlone(entry: RecordedTimes, { path, head }: NativeLog, runs: readonly ExportedBefore[]): PlacedRun[] {
  const placed = runs.find((run) => run.runId === entry.runId);
  if (placed === undefined) return [];
  const { runId, label, start, end, continuationOf } = entry;
  const unknown = { directory: null, position: null, isStated: true, isNothing: false };
  const about = { log: path, tool: head.tool, sessionId: head.sessionId, label, start, end, knownAs: runId };
  const { from, to } = placed;
  return [{ described: { ...unknown, ...about }, runId, range: { from, to }, continuationOf }];
}

function planKnown(run: PlacedRun, records: ProjectRecords): PlannedRun[] {
  const recorded = records.recorded.byId(run.runId);
  const decision = records.decide(recorded);
  return isToDo(decision) ? [{ ...run, action: decision, recorded }] : [];
}

/** What an export would take now. */
async function findFresh(
  known: Parameters<typeof nextRun>[0],
  label: string,
  { path, head }: NativeLog,
  records: ProjectRecords,
): Promise<FreshRun | null> {
  const { window, plan } = await nextRun(known, { start: null, end: null }, { tool: head.tool, path }, head);
  if (plan === null || plan.known !== null) return null;
  const { from, to } = plan;
  // Of a log that was rewritten positions tell nothing, but entries tell which run was the last.
  const continuationOf = plan.continuationOf ?? records.recorded.ofSession(head.sessionId).at(-1)?.runId ?? null;
  // An entry that tells no time is of it.
  if (records.recorded.byId(runId(head.tool, head.sessionId, from)) !== null) return null;
  return { range: { from, to }, continuationOf, label, start: window.firstAt, end: window.lastAt };
}

/** What nobody knows anything of. */
export async function planUnknown(log: NativeLog): Promise<FreshRun | null> {
  const { path, head } = log;
  const { window, plan } = await nextRun(NO_RUNS, { start: null, end: null }, { tool: head.tool, path }, head);
  if (plan === null) return null;
  const { from, to } = plan;
  return { range: { from, to }, continuationOf: null, label: "", start: window.firstAt, end: window.lastAt };
}

/** A fresh run, to be recorded. */
export function plannedFresh({ path, head }: NativeLog, fresh: FreshRun, asked: string | null): PlannedRun {
  const { tool, sessionId } = head;
  const { range, continuationOf, label, start, end } = fresh;
  const nowhere = { directory: null, position: null, knownAs: null, isStated: true, isNothing: false };
  return {
    action: "record",
    recorded: null,
    runId: runId(tool, sessionId, range.from),
    range,
    continuationOf,
    described: { ...nowhere, log: path, tool, sessionId, label, asked, start, end },
  };
}
