// Records the runs that `changelog backfill` and `changelog sync` found, with progress; Ctrl-C ends it early.
import type { PlannedRun } from "../catch-up/planned-run.ts";
import type { QueueOptions, QueueResult } from "../catch-up/run-queue.ts";
import { type batchArgs, DEFAULT_CONCURRENCY, type Values } from "./args.ts";
import { BatchProgress } from "./batch-progress.ts";
import type { Io } from "./command.ts";
import { resolveCount, resolveSeconds } from "./resolve.ts";
import { singleLine } from "./session-lines.ts";

type BatchValues = Values<typeof batchArgs>;

const MAX_CONCURRENCY = 32;

/** The settings from `batchArgs`. If null, the environment or the configuration decides. */
export function resolveBatch(values: BatchValues, { env, home, messages }: Io) {
  return {
    actor: values.actor ?? null,
    evaluator: values.evaluator ?? null,
    model: values.model ?? null,
    timeoutMs: resolveSeconds("--timeout", values.timeout),
    limit: resolveCount("--limit", values.limit),
    upgrades: values.upgrade !== false,
    retriesFailed: values["retry-failed"] === true,
    env,
    home,
    onNotice: (notice: string) => messages.warn(notice),
  };
}

/** Records `total` runs through `record`. */
export async function recordRuns(
  total: number,
  values: BatchValues,
  { env, home, now, messages, interruption }: Io,
  record: (options: Omit<QueueOptions, "exports">) => Promise<QueueResult>,
): Promise<QueueResult> {
  const wanted = resolveCount("--max-concurrency", values["max-concurrency"]) ?? DEFAULT_CONCURRENCY;
  const concurrency = Math.min(wanted, MAX_CONCURRENCY);
  interruption.isAwaited = true;
  const progress = new BatchProgress(total, { env, messages, isQuiet: values.quiet === true });
  const isAbandoned = () => interruption.signal !== null;
  const onNotice = progress.above((notice) => messages.warn(notice));
  try {
    const { begin: onBegin, end: onOutcome } = progress;
    return await record({ concurrency, env, home, now, isAbandoned, onBegin, onOutcome, onNotice });
  } finally {
    progress.close();
  }
}

/** The line about a run that a dry run prints: the action, the run's id, its time, the place and the label. */
export function dryRunLine({ action, runId, described: { label, start, end } }: PlannedRun, place: string): string {
  const time = start === null && end === null ? "time not recorded" : `${start ?? "…"} – ${end ?? "…"}`;
  return [action, runId, time, singleLine(place), singleLine(label)].join("  ").trimEnd();
}

/** A planned run as JSON. */
export function plannedRun({ action, runId, continuationOf, range, described }: PlannedRun) {
  const { directory, tool, sessionId, label, start, end } = described;
  return { action, runId, continuationOf, tool, sessionId, label, start, end, directory, ...range };
}
