// The log of a run: the one that is known, else the copy in its session directory, else the tool's own.
import { existsSync } from "node:fs";
import type { DescribedRun, RunPosition } from "../runs/described-run.ts";
import { locate } from "../sessions/locate.ts";
import { detectHead, logsIn } from "../sessions/log-file.ts";
import type { LogRef } from "../sessions/read.ts";
import { hashPrefix } from "../system/chunks.ts";
import { ExpectedError } from "../system/errors.ts";
import { isTracked } from "../system/git.ts";
import { type Environment, insideRoot } from "../system/paths.ts";

export interface ProjectContext {
  root: string;
  env: Environment;
  home: string;
}

/** Throws an `ExpectedError` where there is none any more. */
export async function findRunLog(run: DescribedRun, places: ProjectContext): Promise<LogRef> {
  const { directory, log, tool, sessionId } = run;
  if (log !== null) return { tool, path: log };
  const copies = directory === null ? [] : await logsIn(directory);
  for (const copy of copies) {
    const head = await detectHead(copy.path);
    if (sessionId === null || head?.sessionId.toLowerCase() === sessionId.toLowerCase()) return copy;
  }
  if (sessionId === null) throw new ExpectedError("its log is gone, and nothing names the session");
  const { root: cwd, env, home } = places;
  const { path } = await locate({ tool, cwd, projectRoot: cwd, start: null, end: null, sessionId, env, home });
  const isElsewhere = async () => !insideRoot(cwd, (await detectHead(path))?.cwd ?? "");
  // A directory that came with a clone may name any session: only those of the project are put into its changelog.
  if (directory !== null && (await isTracked(cwd, directory)) && (await isElsewhere())) {
    throw new ExpectedError("its directory came with the repository and names a session of another folder");
  }
  return { tool, path };
}

/** The log in which the positions of a run still hold, or a copy of what it was before; null where there is none. */
export async function logWithPositions(log: LogRef, position: RunPosition): Promise<LogRef | null> {
  for (let number = 0; ; number += 1) {
    const path = number === 0 ? log.path : `${log.path}.${number}`;
    if (!existsSync(path)) return null;
    if (await holds(path, position)) return { tool: log.tool, path };
  }
}

async function holds(path: string, { from, to, prefixHash, endHash }: RunPosition): Promise<boolean> {
  const end = await hashPrefix(path, to);
  if (end === null || (endHash !== null && end !== endHash)) return false;
  return prefixHash === null || (await hashPrefix(path, from)) === prefixHash;
}
