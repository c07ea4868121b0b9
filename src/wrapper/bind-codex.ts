// The logs of a Codex run: what its processes were seen to write, else the only new log of its folder.
import { join } from "node:path";
import { codexHome, listRollouts, threadIdOfPath } from "../agents/codex/paths.ts";
import { type LogSummary, readHeads } from "../agents/log-heads.ts";
import { threadOf } from "../agents/session-head.ts";
import { logsOf, type PendingRun } from "../runs/pending.ts";
import { findSessionDirectory } from "../runs/session-directory.ts";
import { type BoundLog, locate } from "../sessions/locate.ts";
import { worktreesOf } from "../sessions/path-cache.ts";
import { insideRoot, realPath } from "../system/paths.ts";
import { ambiguous, type BindContext, changedDuringRun, isDuringRun } from "./bind-context.ts";

/** What logs name a screen of Codex, also where its daemon writes them; `codex exec` and editors have other names. */
const SCREEN = "codex-tui";
/** A tool begins its session within so long after it was launched, when nothing is asked before. */
const OPENING_MS = 4_000;

export async function bindCodex(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  const resumed = run.resume?.id ?? null;
  const seen = (await readHeads(run.tool, run.logs)).filter(isOwn).map(({ path, head }): BoundLog => {
    return { path, rule: threadOf(head) === resumed ? "resumed" : "open-file" };
  });
  if (resumed !== null && !seen.some(({ rule }) => rule === "resumed")) {
    seen.unshift(...(await logsOfThread(resumed, run, context)).map((path): BoundLog => ({ path, rule: "resumed" })));
  }
  if (seen.length === 0) return await bindByTime(run, context);
  // Of a session that was gone on with, the daemon shows as little as of those that were begun after it.
  if (!run.alone || run.logs.length > 0) return seen;
  return [...seen, ...begunAtScreen(await changedHere(run, context), run, context)];
}

/** The logs of a thread that a run may have written to: the newest, and those before it that changed. */
async function logsOfThread(thread: string, run: PendingRun, { env, home }: BindContext): Promise<string[]> {
  const all = (await listRollouts(codexHome(env, home))).filter((path) => threadIdOfPath(path) === thread);
  const changed = new Set(await changedDuringRun(run, all));
  return all.filter((path, index) => index === all.length - 1 || changed.has(path));
}

/**
 * Nobody was seen to write: the system does not tell, we were killed before we looked, or a daemon of Codex wrote for
 * its screen. What is left are the new logs of the folder.
 */
async function bindByTime(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  const fresh = await changedHere(run, context);
  if (run.resume !== null) {
    if (fresh.length === 0) return [];
    const fitting = await mostFitting(run, context);
    return [fitting, ...begunAtScreen(fresh, run, context).filter(({ path }) => path !== fitting.path)];
  }
  const begun = begunMeanwhile(fresh, run, context);
  const rivals = rivalsOf(run, context);
  // Whose the first log of a thread is, whose are the others, where a person went back in it.
  const threads = [...Map.groupBy(begun, ({ head }) => threadOf(head)).values()];
  const own = threads.filter(([log]) => log !== undefined && !rivals.some((rival) => opened(rival, log)));
  const [only] = own;
  if (only !== undefined && own.length === 1) return only.map(({ path }) => ({ path, rule: "new-file" }));
  const atScreen = begunAtScreen(fresh, run, context);
  if (atScreen.length > 0) return atScreen;
  const disputed = own.length > 0 ? own : threads.filter(([log]) => log !== undefined && opened(run, log));
  if (disputed.length > 0) {
    throw ambiguous(
      run.tool,
      disputed.flatMap((logs) => logs.map(({ head }) => head.sessionId)),
    );
  }
  return [];
}

/** At one screen a person may begin several sessions, one after the other: none where anybody else was at work too. */
function begunAtScreen(fresh: readonly LogSummary[], run: PendingRun, context: BindContext): BoundLog[] {
  if (!run.alone || rivalsOf(run, context).length > 0) return [];
  const begun = begunMeanwhile(fresh, run, context);
  const atScreen = begun.filter(({ head }) => head.originator === SCREEN && threadOf(head) !== run.resume?.id);
  return atScreen.map(({ path }) => ({ path, rule: "new-file" }));
}

/** The logs that were begun during a run, and are no other's yet. */
function begunMeanwhile(logs: readonly LogSummary[], run: PendingRun, { others }: BindContext): LogSummary[] {
  return logs.filter(({ path, head }) => {
    if (head.startedAt === null || !isDuringRun(run, head.startedAt)) return false;
    if (others.some((other) => logsOf(other).includes(path))) return false;
    return findSessionDirectory(run.root, run.tool, head.sessionId) === null;
  });
}

/** The other runs of the folder whose logs nobody knows. */
function rivalsOf(run: PendingRun, { others }: BindContext): PendingRun[] {
  return others.filter((other) => other.tool === run.tool && other.cwd === run.cwd && logsOf(other).length === 0);
}

/** Whether a log began just after a run was launched, as a session does. */
function opened(run: PendingRun, { head }: LogSummary): boolean {
  const waited = Date.parse(head.startedAt ?? "") - Date.parse(run.started_at);
  return waited >= 0 && waited < OPENING_MS;
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
async function changedHere(run: PendingRun, { env, home }: BindContext): Promise<LogSummary[]> {
  const codex = codexHome(env, home);
  const changed = (await readHeads(run.tool, await changedDuringRun(run, await listRollouts(codex)))).filter(isOwn);
  const trees = run.alone ? await ownWorktrees(run.root, codex) : [];
  return changed.filter(({ head: { cwd } }) => {
    if (cwd === null) return false;
    const folder = realPath(cwd);
    return folder === run.cwd || trees.some((tree) => insideRoot(tree, folder));
  });
}

/** The work trees that Codex made of a repository for sessions that were begun at its screen. */
async function ownWorktrees(root: string, codexHome: string): Promise<string[]> {
  const made = join(codexHome, "worktrees");
  return (await worktreesOf(root)).filter((tree) => insideRoot(made, tree));
}

/** A subagent's log belongs to the session that started it. */
function isOwn({ head }: LogSummary): boolean {
  return head.parent === null;
}
