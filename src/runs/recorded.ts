// The runs of a session that only the changelog tells of: its session directory is gone or elsewhere, or it never had
// one. An entry has no positions, but its id tells where its run began, and its time where it ended.

import type { SessionHead } from "../agents/session-head.ts";
import { runId } from "../changelog/entry.ts";
import { instantOf } from "../events/timestamps.ts";
import { type LogRange, type LogRef, readEvents } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { type EarlierRun, type EarlierRuns, lastRun } from "./known.ts";
import { planRun } from "./plan.ts";
import type { RecordedRunTimes } from "./recorded-entries.ts";
import { isReportable } from "./reportable.ts";

/** What books tell of a session, and what only its entries tell, which come in the order in which they ended. */
export async function addRecordedRuns(
  books: Omit<EarlierRuns, "label">,
  entries: readonly RecordedRunTimes[],
  log: LogRef,
  head: SessionHead,
): Promise<Omit<EarlierRuns, "label">> {
  if (books.changed === null) {
    const runs = [...books.runs, ...(await placeEntries(log, head, entries, books.runs))];
    return { ...books, runs, last: lastRun(runs) };
  }
  // The log was rewritten since: what is later than the books is still told by its times.
  const ended = instantOf(books.last?.endedAt ?? null) ?? Number.POSITIVE_INFINITY;
  const later = entries.filter(({ end }) => (instantOf(end) ?? 0) > ended);
  const runs = await placeEntries(log, head, later, []);
  return runs.length === 0 ? books : { runs, last: lastRun(runs), changed: null };
}

/** Places the entries that are of none of the known runs. */
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
    const from = startOfRun(id, head, runs, plan);
    const run = { runId: id, from, to: plan.to, endHash: null, endedAt: end };
    runs.push(run);
    placed.push(run);
  }
  const last = placed.at(-1);
  if (last === undefined || runs.some(({ to }) => to > last.to)) return placed;
  return [...placed.slice(0, -1), { ...last, to: await endOfRun(log, head, last, last.endedAt) }];
}

/** Where a run begins that is called so: an entry tells when the first thing happened in it, and the id is of where. */
export function startOfRun(
  id: string,
  { tool, sessionId }: SessionHead,
  known: readonly { to: number }[],
  { from }: { from: number },
): number {
  const positions = [0, ...known.map(({ to }) => to)].filter((position) => position <= from);
  return positions.find((position) => runId(tool, sessionId, position) === id) ?? from;
}

/**
 * Where a run ends that is only known by its entry, which tells when the last thing happened in it: what follows to the
 * end of the log, and tells of nothing more, is its own. It is read from its beginning, for records at its end may tell
 * once more what was told before.
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
  let tells = false;
  await readEvents({ ...log, head }, { from, to: rest.to }, (event) => {
    tells ||= isReportable(event) && (instantOf(event.at) ?? 0) > ended;
  });
  return tells ? to : rest.to;
}
