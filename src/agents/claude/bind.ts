// The logs of a Claude Code run. The ids of its sessions are known: the resumed session, the session whose id we chose,
// and those that its process record named.
import { realPath } from "../../system/paths.ts";
import {
  ambiguous,
  type BindableRun,
  type BindContext,
  type BoundLog,
  type BoundRule,
  isDuringRun,
  modifiedSince,
} from "../binding.ts";
import { hadMessages } from "./activity.ts";
import { readHead } from "./head.ts";
import { findClaudeLog, listClaudeLogs, sessionIdOfLog } from "./paths.ts";

export async function bindRun(run: BindableRun, context: BindContext): Promise<BoundLog[]> {
  const { resume, session_id, sessions } = run;
  const named: [id: string | null, rule: BoundRule][] = [
    [resume?.id ?? null, "resumed"],
    [session_id, "session-id"],
    ...sessions.map((id): [string, BoundRule] => [id, "process-record"]),
  ];
  const logs = new Map<string, BoundLog>();
  for (const [id, rule] of named) {
    // A session has no log, or one without a directory, if it has no messages or was replaced at startup by another.
    const path = id === null ? null : findClaudeLog(context.home, id);
    if (path === null || logs.has(path) || (await readHead(path)) === null) continue;
    logs.set(path, { path, rule });
  }
  const wasToolsChoice = resume !== null && resume.id === null;
  if (logs.size > 0 || !wasToolsChoice) return [...logs.values()];
  return await bindByFolder(run, context);
}

/** Claude Code chose the session to resume and did not name it. The candidates are the modified logs of the folder. */
async function bindByFolder(run: BindableRun, context: BindContext): Promise<BoundLog[]> {
  const overlapping = context.others.filter((other) => other.tool === run.tool && overlap(run, other));
  const taken = new Set(
    overlapping.flatMap(({ session_id, resume, sessions }) => [session_id, resume?.id, ...sessions]),
  );
  const here: BoundLog[] = [];
  for (const path of await modifiedSince(run, listClaudeLogs(context.home))) {
    const id = sessionIdOfLog(path);
    const head = taken.has(id) ? null : await readHead(path);
    if (head === null || head.cwd === null || realPath(head.cwd) !== run.cwd) continue;
    const isNew = head.startedAt !== null && isDuringRun(run, head.startedAt);
    if (isNew && context.hasSessionDirectory(id)) continue;
    const isUsed = await hadMessages(path, { start: run.started_at, end: run.ended_at });
    if (isUsed) here.push({ path, rule: isNew ? "new-file" : "resumed" });
  }
  if (here.length === 0) return [];
  const hasRival = overlapping.some((other) => other.cwd === run.cwd && isUnbound(other));
  if (here.length === 1 && !hasRival) return here;
  throw ambiguous(
    run.tool,
    here.map(({ path }) => sessionIdOfLog(path)),
  );
}

function isUnbound({ resume, session_id, sessions }: BindableRun): boolean {
  return (resume?.id ?? session_id) === null && sessions.length === 0;
}

function overlap(one: BindableRun, other: BindableRun): boolean {
  const endOf = ({ ended_at }: BindableRun) => (ended_at === null ? Number.POSITIVE_INFINITY : Date.parse(ended_at));
  return Date.parse(one.started_at) <= endOf(other) && Date.parse(other.started_at) <= endOf(one);
}
