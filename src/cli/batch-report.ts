// Prints what a backfill or a sync will send, and its result.
import type { QueueResult } from "../catch-up/run-queue.ts";
import { plural } from "../system/plural.ts";
import type { Io } from "./command.ts";
import type { Exit } from "./exit.ts";

type Messages = Io["messages"];

/** How many runs or sessions were skipped, and why. */
export type SkipCount = readonly [count: number, reason: string];

const ALREADY_RECORDED = "already recorded";
const EMPTY = "empty";

/** What will be recorded, and how much is sent to a model for it. */
export function describePlan(
  { runs, beyondLimit, estimatedTokens }: { runs: number; beyondLimit: number; estimatedTokens: number },
  sessions: number,
  evaluator: string,
): string {
  const beyond = beyondLimit === 0 ? "" : `, ${beyondLimit} more beyond \`--limit\``;
  const tokens = `up to ${thousands(estimatedTokens)} tokens (estimate) will be sent to \`${evaluator}\``;
  const cost = evaluator === "builtin" ? "no model is used" : tokens;
  return `${plural(runs, "run")} of ${plural(sessions, "session")} to record${beyond}; ${cost}`;
}

/** Prints what was recorded, skipped and failed. `command` is the command that continues the work. */
export function reportResult(
  planned: readonly SkipCount[],
  command: string,
  result: QueueResult,
  messages: Messages,
): void {
  const { damaged, malformed, failed, halted, busy, remaining } = result;
  for (const { path, problem } of damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  for (const { path, records } of malformed)
    messages.warn(`skipped ${plural(records, "malformed record")} in \`${path}\``);
  const rows = tableOf(planned, result);
  const widest = Math.max(...rows.map(([name]) => name.length));
  messages.info(rows.map(([name, value]) => `${name.padEnd(widest)}  ${value}`).join("\n"));
  for (const { class: name, message, runs } of failed)
    messages.warn(`${plural(runs, "run")} failed (${name}), for example: ${message}`);
  if (halted !== null) reportHalt(halted, result, command, messages);
  else if (failed.length > 0)
    messages.error(`${plural(countFailed(result), "evaluation")} failed`, "retry with `--retry-failed`");
  else if (busy > 0)
    messages.warn(`${plural(busy, "run")} being recorded by another process: run \`${command}\` again later`);
  else if (remaining > 0) messages.info(`${plural(remaining, "run")} not recorded yet: run \`${command}\` to continue`);
}

/** A usage limit passes with time; the user need not fix anything. */
export function exitOf({ halted, failed, busy }: QueueResult): Exit {
  if (halted !== null) return halted.class === "usage_limit" ? "later" : "failed";
  if (failed.length > 0) return "failed";
  return busy > 0 ? "later" : "done";
}

function reportHalt(
  halted: NonNullable<QueueResult["halted"]>,
  { recorded, upgraded, remaining }: QueueResult,
  command: string,
  messages: Messages,
): void {
  const done = recorded + upgraded;
  const counts = `${done} of ${plural(done + remaining, "run")} recorded`;
  if (halted.class === "usage_limit") {
    const when = halted.retryAt === null ? "later" : `after ${halted.retryAt}`;
    messages.error(`stopped at a usage limit: ${halted.message}; ${counts}`, `run \`${command}\` again ${when}`);
    return;
  }
  messages.error(`stopped: ${halted.message}; ${counts}`, `fix the problem, then run \`${command}\` again`);
}

function tableOf(planned: readonly SkipCount[], result: QueueResult): [name: string, value: string][] {
  const found: SkipCount[] = [
    [result.exists, ALREADY_RECORDED],
    [result.nothing, EMPTY],
    [result.damaged.length, "damaged"],
  ];
  const counts = new Map<string, number>();
  for (const [count, reason] of [...planned, ...found]) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const reasons = [...counts].filter(([, count]) => count > 0);
  const skipped = reasons.reduce((sum, [, count]) => sum + count, 0);
  const why = reasons.map(([reason, count]) => `${count} ${reason}`);
  const classes = result.failed.map(({ class: name, runs }) => `${runs} ${name}`);
  const { input, output } = result.tokens;
  const tokens = `${thousands(input)} in, ${thousands(output)} out`;
  return [
    ["recorded", `${result.recorded}`],
    ["upgraded", `${result.upgraded}`],
    ["skipped", withReasons(skipped, why)],
    ["failed", withReasons(countFailed(result), classes)],
    ...(input + output === 0 ? [] : ([["tokens used", tokens]] satisfies [string, string][])),
  ];
}

/** Why a plan skips runs. */
export function skipCounts(
  skipped: { recorded: number; "only-builtin": number; "failed-before": number; nothing: number },
  damaged: number,
): SkipCount[] {
  return [
    [skipped.recorded, ALREADY_RECORDED],
    [skipped["only-builtin"], "recorded without a model"],
    [skipped["failed-before"], "failed before (`--retry-failed` retries them)"],
    [skipped.nothing, EMPTY],
    [damaged, "damaged"],
  ];
}

function withReasons(count: number, reasons: readonly string[]): string {
  return reasons.length === 0 ? `${count}` : `${count} (${reasons.join("; ")})`;
}

function countFailed({ failed }: QueueResult): number {
  return failed.reduce((sum, { runs }) => sum + runs, 0);
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
