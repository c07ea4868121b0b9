// When commands of the run were at work that could have changed files, or committed, without the log telling which.
import type { CommandEvent } from "../../events/event.ts";
import type { SimpleCommand } from "../shell/shell.ts";
import { type Effect, effectOf } from "./effects.ts";

/** A stretch of time in which a command of the run was at work, in milliseconds. */
export interface Span {
  from: number;
  to: number;
  /** It could have made commits too. */
  commits: boolean;
  directory: string | null;
}

/** In a longer time a person does something too: a development server runs for hours while files are edited. */
const MAX_SPAN_MS = 10_000;
/** What passes between a command's end and its record in the log. */
const SLACK_MS = 50;
/** How long after a command was called, and at work, its start may be noted: the machine was busy. */
const MAX_LATE_MS = 1_000;
/** How long a command may have waited for a person's consent before it started. */
const MAX_WAIT_MS = 2_000;

/** The span of a command; null where it only read, or where nobody knows when it was at work. */
export function spanOf(commands: readonly SimpleCommand[], event: CommandEvent): Span | null {
  if (event.outcome === "refused" || event.outcome === "running" || event.at === null) return null;
  const effect = worst(commands, event);
  if (effect === "none") return null;
  const to = Date.parse(event.at);
  const started = event.startedAt === null ? Number.NaN : Date.parse(event.startedAt);
  const lasted = event.durationMs;
  const noted =
    lasted !== null && !(to - started - lasted <= MAX_WAIT_MS) ? to - lasted : Number.isNaN(started) ? to : started;
  const called = event.calledAt === undefined ? noted : Date.parse(event.calledAt);
  const from = Math.max(Math.min(called, noted), noted - MAX_LATE_MS);
  if (Number.isNaN(to) || to < from || to - from > MAX_SPAN_MS) return null;
  return { from, to, commits: effect === "any", directory: event.cwd };
}

/** Whether a moment lies in one of the spans. */
export function isCovered(spans: readonly Span[], moment: number): boolean {
  return spans.some(({ from, to }) => moment >= from - SLACK_MS && moment <= to + SLACK_MS);
}

function worst(commands: readonly SimpleCommand[], event: CommandEvent): Effect {
  // Source that does not parse may say anything.
  if (commands.length === 0) return event.command.trim() === "" ? "none" : "any";
  let most: Effect = "none";
  for (const command of commands) {
    const effect = effectOf(command, event);
    if (effect === "any") return "any";
    if (effect === "files") most = "files";
  }
  return most;
}
