// Which logs a run wrote: exactly where that can be known, else the only one there can be, never a guess between two.
import { stat } from "node:fs/promises";
import { type Known, readHeads } from "../sessions/candidates.ts";
import { findClaudeLog } from "../sessions/claude/paths.ts";
import { codexHome, listRollouts, sessionIdOfPath } from "../sessions/codex/paths.ts";
import { type BoundLog, locate } from "../sessions/locate.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { type Environment, realPath } from "../system/paths.ts";
import type { PendingRun } from "./pending.ts";
import { findSessionDirectory } from "./session-directory.ts";

/** A tool begins its session within so long after it was launched, when nothing is asked before. */
const OPENING_MS = 4_000;

export interface BindContext {
  env: Environment;
  home: string;
  /** The other unfinished runs. */
  others: readonly PendingRun[];
}

/** The run's logs, in the order they were begun; none when the tool was opened and closed. */
export async function bindRun(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  return run.tool === "codex" ? await bindCodex(run, context) : bindClaude(run, context);
}

async function bindCodex(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  const resumed = run.resume?.id ?? null;
  const seen = (await readHeads(run.logs)).filter(isOwn).map(({ path, head }): BoundLog => {
    return { path, rule: head.sessionId === resumed ? "resumed" : "open-file" };
  });
  if (resumed !== null && !seen.some(({ rule }) => rule === "resumed")) {
    const paths = await listRollouts(codexHome(context.env, context.home));
    const path = paths.find((path) => sessionIdOfPath(path) === resumed);
    if (path !== undefined) seen.unshift({ path, rule: "resumed" });
  }
  if (seen.length > 0) return seen;
  return await bindByTime(run, context);
}

/**
 * Nobody was seen to write: the system does not tell, we were killed before we looked, or a daemon of Codex wrote for
 * its screen. What is left are the new logs of the folder.
 */
async function bindByTime(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  const fresh = await changedSince(run, context);
  if (run.resume !== null) return fresh.length === 0 ? [] : [await mostFitting(run, context)];
  const begun = fresh.filter(({ path, head }) => {
    if (head.startedAt === null || !isWithin(run, head.startedAt)) return false;
    if (context.others.some((other) => other.logs.includes(path))) return false;
    return findSessionDirectory(run.root, run.tool, head.sessionId) === null;
  });
  const rivals = context.others.filter(({ tool, cwd, logs }) => {
    return tool === run.tool && cwd === run.cwd && logs.length === 0;
  });
  const own = begun.filter((log) => !rivals.some((rival) => opened(rival, log)));
  const [only] = own;
  if (only !== undefined && own.length === 1) return [{ path: only.path, rule: "new-file" }];
  const disputed = own.length > 0 ? own : begun.filter((log) => opened(run, log));
  if (disputed.length > 0) throw ambiguous(disputed);
  return [];
}

/** Whether a log began just after a run was launched, as a session does. */
function opened(run: PendingRun, { head }: Known): boolean {
  const waited = Date.parse(head.startedAt ?? "") - Date.parse(run.started_at);
  return waited >= 0 && waited < OPENING_MS;
}

function ambiguous(logs: readonly Known[]): ExpectedError {
  const ids = logs.map(({ head }) => head.sessionId);
  return new ExpectedError(`this may be the run of ${ids.join(", or of ")}: several began here at that time`, {
    hint: `export the right one: \`ctx export-latest --tool codex --session-id ${ids[0]}\``,
  });
}

/** The tool chose which session goes on: its place and time decide. */
async function mostFitting(run: PendingRun, { env, home }: BindContext): Promise<BoundLog> {
  const { tool, cwd, root, started_at, ended_at } = run;
  const match = await locate({
    ...{ tool, cwd, projectRoot: root, start: started_at, end: ended_at, sessionId: null },
    ...{ env, home },
  });
  return { path: match.path, rule: "resumed" };
}

/** The sessions of the run's folder that were written to since it began. */
async function changedSince(run: PendingRun, { env, home }: BindContext): Promise<Known[]> {
  const began = Date.parse(run.started_at);
  const paths: string[] = [];
  for (const path of await listRollouts(codexHome(env, home))) {
    if ((await changedAt(path)) >= began) paths.push(path);
  }
  return (await readHeads(paths)).filter((log) => {
    return isOwn(log) && log.head.cwd !== null && realPath(log.head.cwd) === run.cwd;
  });
}

async function changedAt(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT", "EACCES")) return 0;
    throw error;
  }
}

/** A subagent's log belongs to the session that started it. */
function isOwn({ head }: Known): boolean {
  return head.parent === null;
}

function isWithin({ started_at, ended_at }: PendingRun, time: string): boolean {
  const at = Date.parse(time);
  return at >= Date.parse(started_at) && (ended_at === null || at <= Date.parse(ended_at));
}

/** Claude Code does not keep its log open, but its id is known: resumed, chosen by us, or given. */
function bindClaude({ resume, session_id }: PendingRun, { env, home }: BindContext): BoundLog[] {
  const id = resume?.id ?? session_id;
  const path = id === null ? null : findClaudeLog(env, home, id);
  return path === null ? [] : [{ path, rule: resume === null ? "session-id" : "resumed" }];
}
