// Works through sessions a few at a time, the runs of each in their order. What another process is at is left for last,
// so that two that work on the same sessions share them.

/**
 * How the work on one run ended.
 * - `next`: on with the next one
 * - `busy`: another process is at it
 * - `halt`: nothing more is to be started; what runs beside it comes to its end
 */
export type RunEnding = "next" | "busy" | "halt";

export interface Worker<Run> {
  concurrency: number;
  /** `waits`: whether to wait for another process that is at the run. */
  work(run: Run, waits: boolean): Promise<RunEnding>;
}

/** Ends when all is done, or nothing more is to be started. What a run throws is thrown on, when the others are done. */
export async function processSessions<Run>(sessions: readonly (readonly Run[])[], worker: Worker<Run>): Promise<void> {
  const { aside, isHalted } = await pass(sessions, false, worker);
  if (!isHalted) await pass(aside, true, worker);
}

async function pass<Run>(
  sessions: readonly (readonly Run[])[],
  waits: boolean,
  { concurrency, work }: Worker<Run>,
): Promise<{ aside: (readonly Run[])[]; isHalted: boolean }> {
  const queue = [...sessions];
  const aside: (readonly Run[])[] = [];
  let isHalted = false;
  const workOn = async (session: readonly Run[]) => {
    for (const [index, run] of session.entries()) {
      if (isHalted) return;
      const ending = await work(run, waits);
      if (ending === "next") continue;
      if (ending === "halt") isHalted = true;
      else aside.push(session.slice(index));
      return;
    }
  };
  const lane = async () => {
    try {
      for (let next = queue.shift(); next !== undefined && !isHalted; next = queue.shift()) await workOn(next);
    } catch (error) {
      isHalted = true;
      throw error;
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: concurrency }, lane));
  const failed = lanes.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { aside, isHalted };
}
