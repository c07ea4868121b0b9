// The logs of a Codex run: the logs that its processes were seen to write, else the only new log of its folder.
import { join } from "node:path";
import { insideRoot, realPath } from "../../system/paths.ts";
import {
  ambiguous,
  type BindableRun,
  type BindContext,
  type BoundLog,
  isDuringRun,
  logsOf,
  modifiedSince,
} from "../binding.ts";
import { readHeads } from "../log-heads.ts";
import type { LogSummary } from "../log-reader.ts";
import { threadOf } from "../session-head.ts";
import { readHead } from "./head.ts";
import { listRollouts, threadIdOfPath } from "./paths.ts";

/**
 * The originator of a session in Codex's terminal UI, even if a daemon writes the log; `codex exec` and editors have
 * others.
 */
const SCREEN = "codex-tui";
/** Codex starts its session within this time after its launch, unless it first asks the person something. */
const STARTUP_MS = 4_000;

export async function bindRun(run: BindableRun, context: BindContext): Promise<BoundLog[]> {
  const resumed = run.resume?.id ?? null;
  const open = (await readHeads({ readHead }, run.logs)).filter(isNotSubagent).map(({ path, head }): BoundLog => {
    return { path, rule: threadOf(head) === resumed ? "resumed" : "open-file" };
  });
  if (resumed !== null && !open.some(({ rule }) => rule === "resumed")) {
    open.unshift(...(await logsOfThread(resumed, run, context)).map((path): BoundLog => ({ path, rule: "resumed" })));
  }
  if (open.length === 0) return await bindByTime(run, context);
  // The daemon shows no open log of a resumed session, and none of the sessions started after it.
  if (!run.alone || run.logs.length > 0) return open;
  return [...open, ...startedAtScreen(await modifiedHere(run, context), run, context)];
}

/** The logs of a thread that a run may have written: the newest, and older ones that were modified. */
async function logsOfThread(thread: string, run: BindableRun, { home }: BindContext): Promise<string[]> {
  const all = (await listRollouts(home)).filter((path) => threadIdOfPath(path) === thread);
  const modified = new Set(await modifiedSince(run, all));
  return all.filter((path, index) => index === all.length - 1 || modified.has(path));
}

/**
 * No process was seen to write a log: the system does not show it, `ctx` was killed first, or a daemon of Codex wrote
 * it for the terminal UI. The candidates are the new logs of the folder.
 */
async function bindByTime(run: BindableRun, context: BindContext): Promise<BoundLog[]> {
  const modified = await modifiedHere(run, context);
  if (run.resume !== null) {
    if (modified.length === 0) return [];
    // Codex chose the session to resume: folder and times decide.
    const path = await context.locate();
    const others = startedAtScreen(modified, run, context).filter((log) => log.path !== path);
    return [{ path, rule: "resumed" }, ...others];
  }
  const started = startedDuringRun(modified, run, context);
  const rivals = rivalsOf(run, context);
  // A thread belongs to the run that started its first log; later logs were started when the person went back in it.
  const threads = [...Map.groupBy(started, ({ head }) => threadOf(head)).values()];
  const own = threads.filter(([log]) => log !== undefined && !rivals.some((rival) => startedAtLaunch(rival, log)));
  const [only] = own;
  if (only !== undefined && own.length === 1) return only.map(({ path }) => ({ path, rule: "new-file" }));
  const atScreen = startedAtScreen(modified, run, context);
  if (atScreen.length > 0) return atScreen;
  const disputed = own.length > 0 ? own : threads.filter(([log]) => log !== undefined && startedAtLaunch(run, log));
  if (disputed.length === 0) return [];
  throw ambiguous(
    run.tool,
    disputed.flatMap((logs) => logs.map(({ head }) => head.sessionId)),
  );
}

/**
 * The sessions a person started one after another in the run's terminal UI; none if another Codex worked in the project
 * too.
 */
function startedAtScreen(logs: readonly LogSummary[], run: BindableRun, context: BindContext): BoundLog[] {
  if (!run.alone || rivalsOf(run, context).length > 0) return [];
  const started = startedDuringRun(logs, run, context);
  const atScreen = started.filter(({ head }) => head.originator === SCREEN && threadOf(head) !== run.resume?.id);
  return atScreen.map(({ path }) => ({ path, rule: "new-file" }));
}

/** The logs that were started during a run and do not belong to another run yet. */
function startedDuringRun(
  logs: readonly LogSummary[],
  run: BindableRun,
  { others, hasSessionDirectory }: BindContext,
): LogSummary[] {
  return logs.filter(({ path, head }) => {
    if (head.startedAt === null || !isDuringRun(run, head.startedAt)) return false;
    return !others.some((other) => logsOf(other).includes(path)) && !hasSessionDirectory(head.sessionId);
  });
}

/** The other runs in the same folder whose logs are unknown. */
function rivalsOf(run: BindableRun, { others }: BindContext): BindableRun[] {
  return others.filter((other) => other.tool === run.tool && other.cwd === run.cwd && logsOf(other).length === 0);
}

/** Whether a log was started right after a run was launched. */
function startedAtLaunch(run: BindableRun, { head }: LogSummary): boolean {
  const delay = Date.parse(head.startedAt ?? "") - Date.parse(run.started_at);
  return delay >= 0 && delay < STARTUP_MS;
}

/** The sessions of the run's folder whose logs were modified after it started. */
async function modifiedHere(run: BindableRun, { home, worktrees }: BindContext): Promise<LogSummary[]> {
  const modified = await readHeads({ readHead }, await modifiedSince(run, await listRollouts(home)));
  // Codex creates worktrees for sessions that are started in its terminal UI.
  const ownWorktrees = join(home, "worktrees");
  const folders = run.alone ? (await worktrees()).filter((tree) => insideRoot(ownWorktrees, tree)) : [];
  return modified.filter(isNotSubagent).filter(({ head: { cwd } }) => {
    if (cwd === null) return false;
    const folder = realPath(cwd);
    return folder === run.cwd || folders.some((tree) => insideRoot(tree, folder));
  });
}

/** A subagent's log belongs to the session that started it. */
function isNotSubagent({ head }: LogSummary): boolean {
  return head.parent === null;
}
