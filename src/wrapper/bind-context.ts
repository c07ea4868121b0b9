// What both tools' logs are bound by when nobody was seen to write them: the times, and who else was at work.
import { stat } from "node:fs/promises";
import type { Tool } from "../agents/tools.ts";
import type { PendingRun } from "../runs/pending.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import type { Environment } from "../system/paths.ts";

export interface BindContext {
  env: Environment;
  home: string;
  /** The other unfinished runs. */
  others: readonly PendingRun[];
}

/** The files that were written to since a run began. */
export async function changedDuringRun({ started_at }: PendingRun, paths: readonly string[]): Promise<string[]> {
  const began = Date.parse(started_at);
  const changed: string[] = [];
  for (const path of paths) if ((await changedAt(path)) >= began) changed.push(path);
  return changed;
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return 0;
    throw error;
  }
}

export function isDuringRun({ started_at, ended_at }: PendingRun, time: string): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(started_at) && (ended_at === null || at <= Date.parse(ended_at));
}

/** Several sessions may be the run's: that is an error, because a wrong entry is worse than none. */
export function ambiguous(tool: Tool, ids: readonly string[]): ExpectedError {
  return new ExpectedError(`this may be the run of ${ids.join(", or of ")}: several were at work here at that time`, {
    hint: `export the right one: \`ctx export-latest --tool ${tool} --session-id ${ids[0]}\``,
  });
}
