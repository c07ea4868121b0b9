// Which part of a log an export covers, given the earlier exports and entries of the session. Writes nothing.
import type { SessionHead } from "../agents/session-head.ts";
import { redact } from "../secrets/redact.ts";
import type { LogRef } from "../sessions/read.ts";
import { type ResolvedWindow, resolveWindow, type Window } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { ExpectedError } from "../system/errors.ts";
import {
  addRecordedRuns,
  describePlan,
  type EarlierRuns,
  NO_EARLIER_RUNS,
  planRun,
  type RunPlan,
  readEarlierRuns,
} from "./earlier-runs.ts";
import { labelOfDirectory } from "./label.ts";
import { RecordedRuns, type RecordedRunTimes } from "./recorded-entries.ts";

/** The requested part of a session, and its label. Null for what was not given. */
export interface SelectOptions extends Window {
  label: string | null;
  now: () => Date;
  onNotice: (notice: string) => void;
}

export interface SelectedRun {
  /** The given label, or the last label of the session; empty if there is none. */
  label: string;
  /** Null if the window holds nothing new. */
  plan: RunPlan | null;
  /** Whether the session directory has an export record of this run. */
  isAlreadyExported: boolean;
  /** Whether nothing of the session was exported or recorded before. */
  isFirst: boolean;
  /** For the name of a new session directory. */
  startedAt: Date;
}

/** Selects the next run of a session. `directory` is its session directory; null if it has none. */
export async function selectRun(
  { root, log, head }: { root: string; log: LogRef; head: SessionHead },
  directory: string | null,
  options: SelectOptions,
): Promise<SelectedRun> {
  const { onNotice } = options;
  const { sessionId } = head;
  const exported =
    directory === null ? { ...NO_EARLIER_RUNS, label: null } : await readEarlierRuns(directory, sessionId, log.path);
  const earlier = await addRecordedRuns(exported, recordedRunsOf(root, sessionId), log, head);
  const isFirst = earlier.last === null;
  if (earlier.changed !== null) {
    onNotice(
      `\`${log.path}\` was ${earlier.changed} since the last export: exporting only records later than the last export`,
    );
  } else if (isFirst && head.forkedFrom !== null) {
    onNotice(`session ${sessionId} is a fork of ${head.forkedFrom}: exporting only its own part`);
  }

  const wanted = { start: options.start, end: options.end };
  const { window, plan } = await planNextRun(earlier, wanted, log, head);

  // The label becomes part of the directory name, which entries contain.
  const given = options.label === null ? null : redact(options.label).text;
  const label = given ?? exported.label ?? (directory === null ? "" : labelOfDirectory(directory));
  const isAlreadyExported = exported.runs.some(({ runId }) => runId === plan?.known?.runId);
  return { label, plan, isAlreadyExported, isFirst, startedAt: startOf(wanted, window, head, options) };
}

/** The runs of a session that have entries; none if the changelog is outside the project or cannot be read. */
function recordedRunsOf(root: string, sessionId: string): RecordedRunTimes[] {
  try {
    return RecordedRuns.read(root, [], [sessionId]).inSession(sessionId);
  } catch (error) {
    // Recording an entry reports this error; an export without an entry does not fail.
    if (error instanceof ExpectedError) return [];
    throw error;
  }
}

/** The next run of a session in a window, after its earlier runs. */
export async function planNextRun(
  earlier: EarlierRuns,
  wanted: Window,
  log: LogRef,
  head: SessionHead,
): Promise<{ window: ResolvedWindow; plan: RunPlan | null }> {
  const window = await resolveAfter(earlier, wanted, log, head);
  const plan = planRun(window, earlier.runs);
  debug("window", () => `${wanted.start ?? "start"} to ${wanted.end ?? "end"}: bytes ${window.from} to ${window.to}`);
  debug("run", () => describePlan(plan));
  return { window, plan };
}

/** The window as positions. After an earlier run, the log is read only from the end of that run. */
async function resolveAfter(
  { last, changed }: EarlierRuns,
  wanted: Window,
  log: LogRef,
  head: SessionHead,
): Promise<ResolvedWindow> {
  if (last === null) return await resolveWindow(log, head, wanted);
  const { endedAt } = last;
  if (changed !== null) {
    const start = endedAt === null ? wanted.start : laterStart(endedAt, wanted.start);
    return await resolveWindow(log, head, { ...wanted, start });
  }
  const isLater = wanted.start !== null && endedAt !== null && Date.parse(wanted.start) > Date.parse(endedAt);
  if (wanted.start !== null && !isLater) return await resolveWindow(log, head, wanted);
  const rest = await resolveWindow(log, head, { start: null, end: wanted.end }, last.to);
  return rest.from < rest.to || isLater ? rest : { ...rest, from: last.from, to: last.to };
}

function startOf(wanted: Window, window: ResolvedWindow, head: SessionHead, { now }: SelectOptions): Date {
  const start = wanted.start ?? window.firstAt ?? head.startedAt;
  return start === null ? now() : new Date(start);
}

/** The later of `start` and one millisecond after `time`. */
function laterStart(time: string, start: string | null): string {
  const next = Date.parse(time) + 1;
  return new Date(start === null ? next : Math.max(next, Date.parse(start))).toISOString();
}
