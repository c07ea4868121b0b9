// Finds the log of a planned run and the range of the run in it, even if the log was moved or rewritten.
import { existsSync } from "node:fs";
import type { RunSource } from "../changelog/run-facts.ts";
import type { RunDescription, RunPosition } from "../runs/run-description.ts";
import { locate } from "../sessions/locate.ts";
import { logsIn } from "../sessions/log-file.ts";
import { type LogRef, readHead } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { hashPrefix } from "../system/chunks.ts";
import { ExpectedError } from "../system/errors.ts";
import { isTracked } from "../system/git.ts";
import { type Environment, insideRoot } from "../system/paths.ts";
import type { PlannedRun } from "./planned-run.ts";

export interface ProjectContext {
  root: string;
  env: Environment;
  home: string;
}

/** Throws an `ExpectedError` if the run can no longer be read. */
export async function openRunSource(
  { described, range, runId }: PlannedRun,
  context: ProjectContext & { onNotice: (notice: string) => void },
): Promise<RunSource> {
  const { root, home, onNotice } = context;
  const { position, start, end } = described;
  const found = await findRunLog(described, context);
  const log = position === null ? found : await logWithPositions(found, position);
  const head = await readHead(log ?? found);
  const about = { root, home, window: { start, end }, head };
  if (log !== null) return { ...about, log: { ...log, head }, range };

  onNotice(`\`${found.path}\` was rewritten after run ${runId} was exported: finding the run by its times`);
  const times = { start: position?.firstAt ?? start, end: position?.lastAt ?? end };
  const { from, to } = await resolveWindow(found, head, times);
  if (from >= to || times.end === null) throw new ExpectedError(`\`${found.path}\` no longer contains the run`);
  return { ...about, log: { ...found, head }, range: { from, to } };
}

/** The known log, the copy in the session directory, or the native log. Throws an `ExpectedError` if there is none. */
export async function findRunLog(run: RunDescription, { root: cwd, env, home }: ProjectContext): Promise<LogRef> {
  const { directory, log, tool, sessionId } = run;
  if (log !== null) return { tool, path: log };
  const copies = directory === null ? [] : await logsIn(directory);
  const wanted = sessionId?.toLowerCase() ?? null;
  const copy = copies.find(({ head }) => wanted === null || head.sessionId.toLowerCase() === wanted);
  if (copy !== undefined) return copy;
  if (sessionId === null) throw new ExpectedError("the log is missing, and its session id is not recorded");
  const match = await locate({ tool, cwd, projectRoot: cwd, start: null, end: null, sessionId, env, home });
  // A directory that came with a clone may name any session: only sessions of the project get into its changelog.
  const isElsewhere = match.cwd === null || !insideRoot(cwd, match.cwd);
  if (directory !== null && isElsewhere && (await isTracked(cwd, directory))) {
    throw new ExpectedError(
      "not trusted: the session directory is committed to git, but its session belongs to another folder",
    );
  }
  return { tool, path: match.path };
}

/** The log, or a numbered copy of an earlier state of it, in which the positions of a run are valid; null if none. */
async function logWithPositions(log: LogRef, position: RunPosition): Promise<LogRef | null> {
  for (let number = 0; ; number += 1) {
    const path = number === 0 ? log.path : `${log.path}.${number}`;
    if (!existsSync(path)) return null;
    if (await hasPositions(path, position)) return number === 0 ? log : { tool: log.tool, path };
  }
}

async function hasPositions(path: string, { from, to, prefixHash, endHash }: RunPosition): Promise<boolean> {
  const end = await hashPrefix(path, to);
  if (end === null || (endHash !== null && end !== endHash)) return false;
  return prefixHash === null || (await hashPrefix(path, from)) === prefixHash;
}
