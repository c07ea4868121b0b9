// The stretch of a log that a planned run is, as it can be read now.
import type { RunSource } from "../changelog/run-facts.ts";
import { type LogRef, readHead } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { ExpectedError } from "../system/errors.ts";
import type { PlannedRun } from "./plan.ts";
import { findRunLog, logWithPositions, type ProjectContext } from "./run-log.ts";

interface Places extends ProjectContext {
  onNotice: (notice: string) => void;
}

/** Throws an `ExpectedError` where nothing is left to read. */
export async function openRunSource({ described, range, runId }: PlannedRun, places: Places): Promise<RunSource> {
  const { root, home, onNotice } = places;
  const { position, start, end } = described;
  const found = await findRunLog(described, places);
  const log = position === null ? found : await logWithPositions(found, position);
  const about = { root, home, window: { start, end } };
  if (log !== null) {
    const head = await readHead(log);
    return { ...about, log: { ...log, head }, head, range };
  }

  const times = { start: position?.firstAt ?? start, end: position?.lastAt ?? end };
  onNotice(`\`${found.path}\` was rewritten since run ${runId} was exported: the run is told by its times`);
  return { ...about, ...(await rangeByTime(found, times)) };
}

async function rangeByTime(log: LogRef, times: { start: string | null; end: string | null }) {
  const head = await readHead(log);
  const { from, to } = await resolveWindow(log, head, times);
  if (from >= to || times.end === null) throw new ExpectedError(`\`${log.path}\` does not hold the run any more`);
  return { log: { ...log, head }, head, range: { from, to } };
}
