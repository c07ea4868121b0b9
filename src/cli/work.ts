// Runs that were found are recorded while the person sees how far it is, and may end it.
import type { QueueOptions, QueueResult } from "../catch-up/run-queue.ts";
import { DEFAULT_CONCURRENCY, type workArgs } from "./args.ts";
import type { Io, Values } from "./command.ts";
import { resolveCount, resolveSeconds } from "./resolve.ts";
import { WorkProgress } from "./work-progress.ts";

type WorkValues = Values<typeof workArgs>;

const MOST_AT_ONCE = 32;

/** What `workArgs` ask for; null leaves it to the environment and the configuration. */
export function resolveWork(values: WorkValues, { env, home, messages }: Io) {
  return {
    actor: values.actor ?? null,
    evaluator: values.evaluator ?? null,
    model: values.model ?? null,
    timeoutMs: resolveSeconds("--timeout", values.timeout),
    limit: resolveCount("--limit", values.limit),
    upgrades: values["no-upgrade"] !== true,
    retriesFailed: values["retry-failed"] === true,
    env,
    home,
    onNotice: (notice: string) => messages.warn(notice),
  };
}

/** Has so many runs recorded. */
export async function recordRuns(
  total: number,
  values: WorkValues,
  { env, home, now, messages, interruption }: Io,
  work: (options: Omit<QueueOptions, "exports">) => Promise<QueueResult>,
): Promise<QueueResult> {
  const asked = resolveCount("--max-concurrency", values["max-concurrency"]) ?? DEFAULT_CONCURRENCY;
  const concurrency = Math.min(asked, MOST_AT_ONCE);
  interruption.isAwaited = true;
  const progress = new WorkProgress(total, { env, messages, isQuiet: values.quiet === true });
  const isAbandoned = () => interruption.signal !== null;
  const onNotice = progress.above((notice) => messages.warn(notice));
  const told = { onBegin: progress.begin, onOutcome: progress.end, onNotice };
  try {
    return await work({ concurrency, env, home, now, isAbandoned, ...told });
  } finally {
    progress.close();
  }
}
