// When commands of a run could have changed files or made commits that the log does not name.
import type { Effect } from "../shell/programs.ts";
import type { CommandRun } from "../shell/read-command.ts";
import { effectOf } from "./command-effects.ts";

/** The time a command ran, in milliseconds. */
export interface Span {
  from: number;
  to: number;
  /** The command could have made commits too. */
  commits: boolean;
  directory: string | null;
}

/** During a longer command, such as a development server, a person may edit files too. */
const MAX_SPAN_MS = 10_000;
/** The time between a command's end and its record in the log. */
const SLACK_MS = 50;
/** How long after a command was called its start may be recorded: the machine was busy. */
const MAX_LATE_MS = 1_000;
/** How long a command may have waited for approval before it started. */
const MAX_APPROVAL_MS = 2_000;

/** The span of a command; null if it only read, or if the time is unknown. */
export function spanOf(run: CommandRun): Span | null {
  const { outcome, at, startedAt, durationMs, calledAt, cwd } = run.event;
  if (outcome === "refused" || outcome === "running" || at === null) return null;
  const effect = greatestEffect(run);
  if (effect === "none") return null;
  const to = Date.parse(at);
  const recorded = startedAt === null ? Number.NaN : Date.parse(startedAt);
  const started =
    durationMs !== null && !(to - recorded - durationMs <= MAX_APPROVAL_MS)
      ? to - durationMs
      : Number.isNaN(recorded)
        ? to
        : recorded;
  const called = calledAt === undefined ? started : Date.parse(calledAt);
  const from = Math.max(Math.min(called, started), started - MAX_LATE_MS);
  if (Number.isNaN(to) || to < from || to - from > MAX_SPAN_MS) return null;
  return { from, to, commits: effect === "any", directory: cwd };
}

/** Whether a time is in one of the spans. */
export function isCovered(spans: readonly Span[], time: number): boolean {
  return spans.some(({ from, to }) => time >= from - SLACK_MS && time <= to + SLACK_MS);
}

function greatestEffect(run: CommandRun): Effect {
  // A script that cannot be parsed may do anything.
  if (run.commands.length === 0) return run.event.command.trim() === "" ? "none" : "any";
  let greatest: Effect = "none";
  for (const command of run.commands) {
    const effect = effectOf(command, run);
    if (effect === "any") return "any";
    if (effect === "files") greatest = "files";
  }
  return greatest;
}
