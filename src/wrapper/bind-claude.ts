// The logs of a Claude Code run. It holds no log open, but sessions are known by their ids: the one that went on, the
// one we chose, and those its process said it worked in.
import { wasUsed } from "../agents/claude/activity.ts";
import { readHeadOfFile } from "../agents/claude/head.ts";
import { claudeHome, findClaudeLog, listClaudeLogs, sessionIdOfLog } from "../agents/claude/paths.ts";
import type { PendingRun } from "../runs/pending.ts";
import { findSessionDirectory } from "../runs/session-directory.ts";
import type { BoundLog, BoundRule } from "../sessions/locate.ts";
import { PathCache } from "../sessions/path-cache.ts";
import { ambiguous, type BindContext, changedDuringRun, isDuringRun } from "./bind-context.ts";

export async function bindClaude(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  const { resume, session_id, sessions } = run;
  const files = claudeHome(context.env, context.home);
  const named: [id: string | null, rule: BoundRule][] = [
    [resume?.id ?? null, "resumed"],
    [session_id, "session-id"],
    ...sessions.map((id): [string, BoundRule] => [id, "process-record"]),
  ];
  const logs = new Map<string, BoundLog>();
  for (const [id, rule] of named) {
    // A session without a log is one in which nothing was said, or that another took the place of as it came up. So is
    // one whose log tells of no folder.
    const path = id === null ? null : findClaudeLog(files, id);
    if (path === null || logs.has(path) || (await readHeadOfFile(path)) === null) continue;
    logs.set(path, { path, rule });
  }
  const wasLeftToTool = resume !== null && resume.id === null;
  if (logs.size > 0 || !wasLeftToTool) return [...logs.values()];
  return await bindByPlace(run, files, context);
}

/** The tool chose the session, and did not say which. What is left are the logs of the folder that were written to. */
async function bindByPlace(run: PendingRun, files: string, { others }: BindContext): Promise<BoundLog[]> {
  const overlapping = others.filter((other) => other.tool === "claude" && overlap(run, other));
  const taken = new Set(
    overlapping.flatMap(({ session_id, resume, sessions }) => [session_id, resume?.id, ...sessions]),
  );
  const places = new PathCache();
  const here: BoundLog[] = [];
  for (const path of await changedDuringRun(run, listClaudeLogs(files))) {
    const id = sessionIdOfLog(path);
    const head = taken.has(id) ? null : await readHeadOfFile(path);
    if (head === null || head.cwd === null || (await places.real(head.cwd)) !== run.cwd) continue;
    const isNew = head.startedAt !== null && isDuringRun(run, head.startedAt);
    if (isNew && findSessionDirectory(run.root, run.tool, id) !== null) continue;
    const isUsed = await wasUsed(path, { start: run.started_at, end: run.ended_at });
    if (isUsed) here.push({ path, rule: isNew ? "new-file" : "resumed" });
  }
  if (here.length === 0) return [];
  const hasRival = overlapping.some((other) => other.cwd === run.cwd && isUntold(other));
  if (here.length === 1 && !hasRival) return here;
  throw ambiguous(
    run.tool,
    here.map(({ path }) => sessionIdOfLog(path)),
  );
}

function isUntold({ resume, session_id, sessions }: PendingRun): boolean {
  return (resume?.id ?? session_id) === null && sessions.length === 0;
}

function overlap(one: PendingRun, other: PendingRun): boolean {
  const ends = ({ ended_at }: PendingRun) => (ended_at === null ? Number.POSITIVE_INFINITY : Date.parse(ended_at));
  return Date.parse(one.started_at) <= ends(other) && Date.parse(other.started_at) <= ends(one);
}
