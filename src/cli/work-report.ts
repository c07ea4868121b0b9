// What came of the runs that were to be recorded, for the person who asked for it.
import type { QueueResult } from "../catch-up/run-queue.ts";
import type { Io } from "./command.ts";
import type { Exit } from "./exit.ts";
import { plural } from "./session-lines.ts";

type Messages = Io["messages"];

/** How many runs or sessions were left as they are, and why. */
export type Reason = readonly [count: number, reason: string];

export interface About {
  /** What was left before it began. */
  reasons: readonly Reason[];
  /** The command that does the rest another time. */
  again: string;
}

/** What will be sent, before anything is. */
export function costOf(evaluator: string, estimatedTokens: number): string {
  if (evaluator === "builtin") return "no model is asked";
  return `at most about ${thousands(estimatedTokens)} tokens to send to \`${evaluator}\``;
}

export function tellResult({ reasons, again }: About, result: QueueResult, messages: Messages): void {
  for (const { path, problem } of result.damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  const rows = tableOf(reasons, result);
  const widest = Math.max(...rows.map(([name]) => name.length));
  messages.info(rows.map(([name, value]) => `${name.padEnd(widest)}  ${value}`).join("\n"));
  for (const { class: name, message, runs } of result.failed)
    messages.warn(`${plural(runs, "run")} failed (${name}), such as: ${message}`);
  if (result.halted !== null) tellHalt(result, again, messages);
  else if (result.failed.length > 0)
    messages.error(`${plural(countFailed(result), "evaluation")} failed`, "try them again with `--retry-failed`");
  else if (result.busy > 0)
    messages.warn(`another process is still at ${plural(result.busy, "run")}: run ${again} later`);
  else if (result.remaining > 0) messages.info(`${plural(result.remaining, "run")} remain: run ${again} to go on`);
}

/** How it ended. A limit is nothing to mend, only to wait for. */
export function exitOf({ halted, failed, busy }: QueueResult): Exit {
  if (halted !== null) return halted.class === "usage_limit" ? "later" : "failed";
  if (failed.length > 0) return "failed";
  return busy > 0 ? "later" : "done";
}

function tellHalt({ halted, remaining, ...result }: QueueResult, again: string, messages: Messages): void {
  if (halted === null) return;
  const done = result.recorded + result.upgraded;
  const counts = `${done} done, ${remaining} remain`;
  if (halted.class === "usage_limit") {
    const when = halted.retryAt === null ? "later" : `after ${halted.retryAt}`;
    messages.error(`stopped at a usage limit: ${halted.message}; ${counts}`, `run ${again} again ${when}`);
    return;
  }
  messages.error(`stopped: ${halted.message}; ${counts}`, `mend that, then run ${again} again`);
}

function tableOf(before: readonly Reason[], result: QueueResult): [name: string, value: string][] {
  const found: Reason[] = [
    [result.exists, ALREADY],
    [result.nothing, NOTHING],
    [result.damaged.length, "damaged"],
  ];
  const counts = new Map<string, number>();
  for (const [count, reason] of [...before, ...found]) counts.set(reason, (counts.get(reason) ?? 0) + count);
  const reasons = [...counts].filter(([, count]) => count > 0);
  const skipped = reasons.reduce((sum, [, count]) => sum + count, 0);
  const why = reasons.map(([reason, count]) => `${count} ${reason}`);
  const classes = result.failed.map(({ class: name, runs }) => `${runs} ${name}`);
  const { input, output } = result.tokens;
  return [
    ["recorded", `${result.recorded}`],
    ["upgraded", `${result.upgraded}`],
    ["skipped", withReasons(skipped, why)],
    ["failed", withReasons(countFailed(result), classes)],
    ...(input + output === 0
      ? []
      : [["tokens used", `${thousands(input)} in, ${thousands(output)} out`] as [string, string]]),
  ];
}

const ALREADY = "recorded already";
const NOTHING = "nothing happened in them";

/** The reasons a plan has to leave runs as they are. */
export function reasonsOf(
  skipped: { recorded: number; "only-builtin": number; "failed-before": number; nothing: number },
  damaged: number,
): Reason[] {
  return [
    [skipped.recorded, ALREADY],
    [skipped["only-builtin"], "without a model, and to stay so"],
    [skipped["failed-before"], "failed before: `--retry-failed` tries again"],
    [skipped.nothing, NOTHING],
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
