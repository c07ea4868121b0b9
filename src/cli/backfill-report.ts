// What a backfill is about to do, for the person who asked for it.
import type { PreparedBackfill } from "../catch-up/backfill/backfill.ts";
import type { PlannedRun } from "../catch-up/plan.ts";
import { pathOf } from "../catch-up/plan.ts";
import type { Io } from "./command.ts";
import { onOneLine, plural } from "./session-lines.ts";
import { type About, costOf, reasonsOf } from "./work-report.ts";

/** What it will cost, before anything is sent. */
export function tellCost(prepared: PreparedBackfill, messages: Io["messages"]): void {
  const { directories, runs, beyondLimit, sessions, evaluator, estimatedTokens, damaged } = prepared;
  for (const { path, problem } of damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  const found = directories === 1 ? "1 session directory" : `${directories} session directories`;
  if (runs === 0) {
    messages.info(`${found}: nothing to do`);
    return;
  }
  const beyond = beyondLimit === 0 ? "" : `, ${beyondLimit} more are left for another time`;
  const toRecord = `${plural(runs, "run")} of ${plural(sessions.length, "session")} to record`;
  messages.info(`${found}: ${toRecord}${beyond}; ${costOf(evaluator.name, estimatedTokens)}`);
}

/** What is told at its end. */
export function aboutBackfill({ skipped, damaged }: PreparedBackfill): About {
  return { reasons: reasonsOf(skipped, damaged.length), again: "`ctx changelog backfill`" };
}

/** One line for each run that would be recorded. */
export function dryRunLines({ sessions }: PreparedBackfill): string[] {
  return sessions.flat().map((run) => dryRunLine(run, pathOf(run.described)));
}

/** What would be done about a run, and where. */
export function dryRunLine({ action, runId, described: { label, start, end } }: PlannedRun, place: string): string {
  const time = `${start ?? "…"} – ${end ?? "…"}`;
  return [action, runId, time, onOneLine(place), onOneLine(label)].join("  ").trimEnd();
}

/** The same for machines. */
export function plannedRuns({ sessions }: PreparedBackfill) {
  return sessions.flat().map(plannedRun);
}

export function plannedRun({ action, runId, continuationOf, range, described }: PlannedRun) {
  const { directory, tool, sessionId, label, start, end } = described;
  return { action, runId, continuationOf, tool, sessionId, label, start, end, directory, ...range };
}

/** What is known before it begins, for machines. */
export function summaryOf({
  directories,
  runs,
  beyondLimit,
  actor,
  evaluator,
  estimatedTokens,
  skipped,
  damaged,
}: PreparedBackfill) {
  return { directories, runs, beyondLimit, actor, evaluator: evaluator.name, estimatedTokens, skipped, damaged };
}
