// Which stretch of which log an export is about, held against what was exported of the session before. Writes nothing.

import { basename } from "node:path";
import type { SessionHead } from "../agents/session-head.ts";
import { redact } from "../secrets/redact.ts";
import type { LogRef } from "../sessions/read.ts";
import { type ResolvedWindow, resolveWindow, type Window } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { ExpectedError } from "../system/errors.ts";
import type { FoundSession, SessionQuery } from "./find-session.ts";
import { type EarlierRuns, NO_EARLIER_RUNS, readEarlierRuns } from "./known.ts";
import { describePlan, planRun, type RunPlan } from "./plan.ts";
import { addRecordedRuns } from "./recorded.ts";
import { RecordedRuns, type RecordedRunTimes } from "./recorded-entries.ts";
import { sanitizeLabel } from "./session-directory.ts";

/** Which part of a session is wanted, and what to call it. */
export interface SelectOptions extends Pick<SessionQuery, "start" | "end" | "onNotice"> {
  label: string | null;
  now: () => Date;
}

export interface SelectedRun {
  /** Given, or what the session was called before; empty when nobody called it anything. */
  label: string;
  /** Null when the window holds nothing that was not exported before. */
  plan: RunPlan | null;
  /** Whether the session directory tells of that run already. */
  isAlreadyExported: boolean;
  /** Whether nothing of the session was exported or recorded before. */
  isFirst: boolean;
  /** For the name of a new session directory. */
  startedAt: Date;
}

/** Selects the stretch that comes next, given the session's own directory, or null where it has none. */
export async function selectRun(
  { root, log, head }: Pick<FoundSession, "root" | "log" | "head">,
  existing: string | null,
  options: SelectOptions,
): Promise<SelectedRun> {
  const { onNotice } = options;
  const { sessionId } = head;
  const books = existing === null ? NO_EARLIER_RUNS : await readEarlierRuns(existing, sessionId, log.path);
  const entries = entriesOf(root, sessionId);
  const known = { ...books, ...(await addRecordedRuns(books, entries, log, head)) };
  const isFirst = known.last === null;
  if (known.changed !== null) {
    onNotice(`\`${log.path}\` was ${known.changed} since the last export: what is later than that one is exported`);
  } else if (isFirst && head.forkedFrom !== null) {
    onNotice(`session ${sessionId} is a fork of ${head.forkedFrom}: only its own part is exported`);
  }

  const asked = { start: options.start, end: options.end };
  const { window, plan } = await planNextRun(known, asked, log, head);

  // A label names a directory, and the directory stands in the entry.
  const given = options.label === null ? null : redact(options.label).text;
  const label = given ?? known.label ?? (existing === null ? "" : labelInDirectoryName(existing));
  const isAlreadyExported = books.runs.some(({ runId }) => runId === plan?.known?.runId);
  return { label, plan, isAlreadyExported, isFirst, startedAt: startOf(asked, window, head, options) };
}

/** What the changelog tells of a session. One that leads out of the project, or cannot be read, tells nothing. */
function entriesOf(root: string, sessionId: string): RecordedRunTimes[] {
  try {
    return RecordedRuns.read(root, [], [sessionId]).inSession(sessionId);
  } catch (error) {
    // Whoever wants an entry is told of it; an export does not fail for it.
    if (error instanceof ExpectedError) return [];
    throw error;
  }
}

/** The stretch that comes next in a window, given what is known of the session. */
export async function planNextRun(
  known: Omit<EarlierRuns, "label">,
  asked: Window,
  log: LogRef,
  head: SessionHead,
): Promise<{ window: ResolvedWindow; plan: RunPlan | null }> {
  const window = await resolveAgainst(known, asked, log, head);
  const plan = planRun(window, known.runs);
  debug("window", () => `${asked.start ?? "start"} to ${asked.end ?? "end"} is bytes ${window.from} to ${window.to}`);
  debug("run", () => describePlan(plan));
  return { window, plan };
}

/** The window as positions. Where the last export ended, the log is read from there. */
async function resolveAgainst(
  { last, changed }: Pick<EarlierRuns, "last" | "changed">,
  asked: Window,
  log: LogRef,
  head: SessionHead,
): Promise<ResolvedWindow> {
  if (last === null) return await resolveWindow(log, head, asked);
  const { endedAt } = last;
  if (changed !== null) {
    const start = endedAt === null ? asked.start : laterStart(endedAt, asked.start);
    return await resolveWindow(log, head, { ...asked, start });
  }
  const isLater = asked.start !== null && endedAt !== null && Date.parse(asked.start) > Date.parse(endedAt);
  if (asked.start !== null && !isLater) return await resolveWindow(log, head, asked);
  // All of it, or what came since: nothing before the last position needs reading.
  const rest = await resolveWindow(log, head, { start: null, end: asked.end }, last.to);
  return rest.from < rest.to || isLater ? rest : { ...rest, from: last.from, to: last.to };
}

function startOf(asked: Window, window: ResolvedWindow, head: SessionHead, { now }: SelectOptions): Date {
  const began = asked.start ?? window.firstAt ?? head.startedAt;
  return began === null ? now() : new Date(began);
}

/** The label in the name of a directory: empty when the directory was named without one. */
function labelInDirectoryName(directory: string): string {
  const name = basename(directory).replace(/^\d{4}-\d{2}-\d{2}-\d{4}_/, "");
  return name.replace(/_\d+$/, "") === sanitizeLabel("") ? "" : name;
}

/** The later of a start and the moment after a time. */
function laterStart(time: string, start: string | null): string {
  const next = Date.parse(time) + 1;
  return new Date(start === null ? next : Math.max(next, Date.parse(start))).toISOString();
}
