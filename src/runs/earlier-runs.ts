// Finds the earlier runs of a session in its log, and the run that follows them. Export records contain the positions
// of their runs. An entry contains none, but its run id gives the position where the run starts, and its `end` the time
// at which the run ends.
import type { SessionHead } from "../agents/session-head.ts";
import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import { type LogRange, type LogRef, readEvents } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { hashPrefix } from "../system/chunks.ts";
import { lastLabel, readRecordsOfSession, type StoredExportRecord } from "./export-records.ts";
import type { RecordedRunTimes } from "./recorded-entries.ts";
import { isReportable } from "./reportable.ts";

/** A run with its positions in the log. */
export interface KnownRun {
  runId: string;
  from: number;
  to: number;
}

/** A run that was exported or recorded before. */
export interface EarlierRun extends KnownRun {
  endHash: string | null;
  /** The time at which the run ended, from the timestamps in the log. */
  endedAt: string | null;
}

export interface EarlierRuns {
  /** Empty if the log was changed, so that their positions are no longer valid. */
  runs: EarlierRun[];
  /** The run that ends last. */
  last: EarlierRun | null;
  /** How the tool changed what was exported before; null if it only appended. */
  changed: "rewritten" | "cut short" | null;
}

export const NO_EARLIER_RUNS: EarlierRuns = { runs: [], last: null, changed: null };

/** The part of the log that an export covers. */
export interface RunPlan {
  /** The run that was exported before, if it covers the whole range. */
  known: KnownRun | null;
  from: number;
  to: number;
  /** The run before this one in the same session. */
  continuationOf: string | null;
}

/**
 * The new run of a range: the last part of it that no known run covers. It starts where the run before it ended, even
 * if the range starts later, so that nothing between two runs is lost. Null if the range is empty.
 */
export function planRun(range: LogRange, known: readonly KnownRun[]): RunPlan | null {
  if (range.from >= range.to) return null;
  const runs = known.filter((run) => run.from < run.to).sort((a, b) => a.from - b.from || a.to - b.to);
  const before = (position: number) => runs.findLast((run) => run.to <= position);

  // Moves the end back over every known run that reaches it.
  let to = range.to;
  for (const run of runs.toReversed()) if (run.from < to && to <= run.to) to = run.from;
  if (to <= range.from) {
    const last = runs.findLast((run) => run.from < range.to && range.to <= run.to);
    if (last === undefined) return null;
    return { known: last, from: last.from, to: last.to, continuationOf: before(last.from)?.runId ?? null };
  }
  const previous = before(to);
  return { known: null, from: previous?.to ?? range.from, to, continuationOf: previous?.runId ?? null };
}

/** Describes the run of a plan in one line, for `CTX_DEBUG`. */
export function describePlan(plan: RunPlan | null): string {
  if (plan === null) return "nothing to export";
  const { known, from, to, continuationOf } = plan;
  const previous = continuationOf === null ? "first run" : `run that follows ${continuationOf}`;
  return `${known === null ? previous : `exported run ${known.runId}`}, bytes ${from} to ${to}`;
}

/** The exported runs of a session, checked against the log as it is now, and the last label of the session. */
export async function readEarlierRuns(
  directory: string,
  sessionId: string,
  logPath: string,
): Promise<EarlierRuns & { label: string | null }> {
  const records = readRecordsOfSession(directory, sessionId);
  const label = lastLabel(records);
  const runs = [...new Map(records.flatMap(toEarlierRun).map((run) => [run.runId, run])).values()];
  return { ...(await verifyPositions(logPath, runs)), label };
}

/** Empty for a record of version 1, which has no positions. */
function toEarlierRun({ run_id, from, to, end_hash, last_at, end }: StoredExportRecord): EarlierRun[] {
  if (run_id === null || from === null || to === null) return [];
  return [{ runId: run_id, from, to, endHash: end_hash, endedAt: last_at ?? end }];
}

/** Checks the positions of runs against the log as it is now. */
export async function verifyPositions(logPath: string, runs: EarlierRun[]): Promise<EarlierRuns> {
  const last = lastRun(runs);
  if (last === null || last.endHash === null) return { runs, last, changed: null };
  const hash = await hashPrefix(logPath, last.to);
  if (hash === last.endHash) return { runs, last, changed: null };
  return { runs: [], last, changed: hash === null ? "cut short" : "rewritten" };
}

function lastRun(runs: readonly EarlierRun[]): EarlierRun | null {
  return runs.reduce<EarlierRun | null>((a, b) => (a === null || b.to > a.to ? b : a), null);
}

/** Adds the runs that only entries describe, given in the order in which they ended. */
export async function addRecordedRuns(
  exported: EarlierRuns,
  entries: readonly RecordedRunTimes[],
  log: LogRef,
  head: SessionHead,
): Promise<EarlierRuns> {
  if (exported.changed === null) {
    const runs = [...exported.runs, ...(await placeEntries(log, head, entries, exported.runs))];
    return { runs, last: lastRun(runs), changed: null };
  }
  // The log was rewritten: entries later than the export records are still found by their times.
  const ended = instantOf(exported.last?.endedAt ?? null) ?? Number.POSITIVE_INFINITY;
  const later = entries.filter(({ end }) => (instantOf(end) ?? 0) > ended);
  const runs = await placeEntries(log, head, later, []);
  return runs.length === 0 ? exported : { runs, last: lastRun(runs), changed: null };
}

/** The positions of the entries whose runs are not known yet. */
async function placeEntries(
  log: LogRef,
  head: SessionHead,
  entries: readonly RecordedRunTimes[],
  known: readonly EarlierRun[],
): Promise<EarlierRun[]> {
  const runs: EarlierRun[] = [...known];
  const placed: EarlierRun[] = [];
  for (const { runId: id, start, end } of entries) {
    if (end === null || runs.some((run) => run.runId === id)) continue;
    const plan = planRun(await resolveWindow(log, head, { start, end }), runs);
    if (plan === null || plan.known !== null) continue;
    const from = startOfRun(id, head, runs, plan.from);
    const run = { runId: id, from, to: plan.to, endHash: null, endedAt: end };
    runs.push(run);
    placed.push(run);
  }
  const last = placed.at(-1);
  if (last === undefined || runs.some(({ to }) => to > last.to)) return placed;
  return [...placed.slice(0, -1), { ...last, to: await endOfRun(log, head, last, last.endedAt) }];
}

/** The position from which a run id was computed: 0 or the end of a known run; otherwise `from`, found by time. */
export function startOfRun(
  id: string,
  { tool, sessionId }: SessionHead,
  known: readonly { to: number }[],
  from: number,
): number {
  const positions = [0, ...known.map(({ to }) => to)].filter((position) => position <= from);
  return positions.find((position) => runId(tool, sessionId, position) === id) ?? from;
}

/**
 * The end of a run that is known only by an entry, which gives the time of its last event. The rest of the log belongs
 * to the run if it holds nothing to report. Reading starts at the beginning of the run, because later records can
 * repeat earlier events.
 */
export async function endOfRun(
  log: LogRef,
  head: SessionHead,
  { from, to }: LogRange,
  end: string | null,
): Promise<number> {
  const rest = await resolveWindow(log, head, { start: null, end: null }, to);
  if (rest.to <= to) return to;
  const ended = instantOf(end) ?? Number.NEGATIVE_INFINITY;
  let isMore = false;
  await readEvents({ ...log, head }, { from, to: rest.to }, (event) => {
    isMore ||= isReportable(event) && (instantOf(event.at) ?? 0) > ended;
  });
  return isMore ? to : rest.to;
}
