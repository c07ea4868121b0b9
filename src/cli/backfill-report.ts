// What a backfill is about to do, and what came of it, for the person who asked for it.
import type { BackfillResult, PreparedBackfill } from "../wrap/backfill/backfill.ts";
import type { PlannedRun } from "../wrap/backfill/plan.ts";
import type { Io } from "./command.ts";
import type { Exit } from "./exit.ts";
import { plural } from "./session-lines.ts";

type Messages = Io["messages"];

const AGAIN = "`ctx changelog backfill`";

/** What it will cost, before anything is sent. */
export function tellCost(prepared: PreparedBackfill, messages: Messages): void {
  const { directories, runs, beyondLimit, sessions, evaluator, estimatedTokens, damaged } = prepared;
  for (const { directory, problem } of damaged) messages.warn(`skipped \`${directory}\`: ${problem}`);
  const found = directories === 1 ? "1 session directory" : `${directories} session directories`;
  if (runs === 0) {
    messages.info(`${found}: nothing to do`);
    return;
  }
  const beyond = beyondLimit === 0 ? "" : `, ${beyondLimit} more are left for another time`;
  const sent =
    evaluator.name === "builtin"
      ? "no model is asked"
      : `at most about ${thousands(estimatedTokens)} tokens to send to \`${evaluator.name}\``;
  messages.info(
    `${found}: ${plural(runs, "run")} of ${plural(sessions.length, "session")} to record${beyond}; ${sent}`,
  );
}

/** One line for each run that would be recorded. */
export function dryRunLines({ sessions }: PreparedBackfill): string[] {
  return sessions.flat().map(({ action, runId, described: { directory, label, start, end } }) => {
    return [action, runId, `${start ?? "…"} – ${end ?? "…"}`, directory, label].join("  ").trimEnd();
  });
}

/** The same for machines. */
export function plannedRuns({ sessions }: PreparedBackfill) {
  return sessions.flat().map(({ action, runId, continuationOf, range, described }: PlannedRun) => {
    const { directory, tool, sessionId, label, start, end } = described;
    return { action, runId, continuationOf, tool, sessionId, label, start, end, directory, ...range };
  });
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

export function tellResult(prepared: PreparedBackfill, result: BackfillResult, messages: Messages): void {
  for (const { directory, problem } of result.damaged) messages.warn(`skipped \`${directory}\`: ${problem}`);
  const rows = tableOf(prepared, result);
  const widest = Math.max(...rows.map(([name]) => name.length));
  messages.info(rows.map(([name, value]) => `${name.padEnd(widest)}  ${value}`).join("\n"));
  for (const { class: name, message, runs } of result.failed)
    messages.warn(`${plural(runs, "run")} failed (${name}), such as: ${message}`);
  if (result.halted !== null) tellHalt(result, messages);
  else if (result.failed.length > 0)
    messages.error(`${plural(countFailed(result), "evaluation")} failed`, "try them again with `--retry-failed`");
  else if (result.busy > 0)
    messages.warn(`another process is still at ${plural(result.busy, "run")}: run ${AGAIN} later`);
  else if (result.remaining > 0) messages.info(`${plural(result.remaining, "run")} remain: run ${AGAIN} to go on`);
}

/** How it ended. A limit is nothing to mend, only to wait for. */
export function exitOf({ halted, failed, busy }: BackfillResult): Exit {
  if (halted !== null) return halted.class === "usage_limit" ? "later" : "failed";
  if (failed.length > 0) return "failed";
  return busy > 0 ? "later" : "done";
}

function tellHalt({ halted, remaining, ...result }: BackfillResult, messages: Messages): void {
  if (halted === null) return;
  const done = result.recorded + result.upgraded;
  const counts = `${done} done, ${remaining} remain`;
  if (halted.class === "usage_limit") {
    const when = halted.retryAt === null ? "later" : `after ${halted.retryAt}`;
    messages.error(`stopped at a usage limit: ${halted.message}; ${counts}`, `run ${AGAIN} again ${when}`);
    return;
  }
  messages.error(`stopped: ${halted.message}; ${counts}`, `mend that, then run ${AGAIN} again`);
}

function tableOf({ skipped, damaged }: PreparedBackfill, result: BackfillResult): [name: string, value: string][] {
  const reasons = [
    [skipped.recorded + result.exists, "recorded already"],
    [skipped["only-builtin"], "without a model, and to stay so"],
    [skipped["failed-before"], "failed before: `--retry-failed` tries again"],
    [skipped.nothing + result.nothing, "nothing happened in them"],
    [damaged.length + result.damaged.length, "damaged"],
  ] as const;
  const why = reasons.filter(([count]) => count > 0).map(([count, reason]) => `${count} ${reason}`);
  const classes = result.failed.map(({ class: name, runs }) => `${runs} ${name}`);
  const { input, output } = result.tokens;
  return [
    ["recorded", `${result.recorded}`],
    ["upgraded", `${result.upgraded}`],
    [
      "skipped",
      withReasons(
        reasons.reduce((sum, [count]) => sum + count, 0),
        why,
      ),
    ],
    ["failed", withReasons(countFailed(result), classes)],
    ...(input + output === 0
      ? []
      : [["tokens used", `${thousands(input)} in, ${thousands(output)} out`] as [string, string]]),
  ];
}

function withReasons(count: number, reasons: readonly string[]): string {
  return reasons.length === 0 ? `${count}` : `${count} (${reasons.join("; ")})`;
}

function countFailed({ failed }: BackfillResult): number {
  return failed.reduce((sum, { runs }) => sum + runs, 0);
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
