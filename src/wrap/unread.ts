// Claude Code's logs are bound, but not read yet. Until they are, the record of a run stays for a version that reads
// them, and the person is told what it holds.
import { wasUsed } from "../sessions/claude/activity.ts";
import { sessionIdOfLog } from "../sessions/claude/paths.ts";
import type { BoundLog } from "../sessions/locate.ts";
import { ExpectedError } from "../system/errors.ts";
import type { Homecoming } from "./finish.ts";
import type { PendingRun } from "./pending.ts";

export class UnreadRun extends ExpectedError {
  constructor(logs: readonly BoundLog[]) {
    const told = logs.map(({ path, rule }) => `\`${path}\` (${rule})`).join(", then ");
    super(`logs of Claude Code are not read yet: the run is kept until they are, bound to ${told}`);
  }
}

/** The sessions in which anything was said, as far as that can be told without reading what. */
export async function unreadSessions(run: PendingRun, logs: readonly BoundLog[]): Promise<Homecoming[]> {
  const sessions: Homecoming[] = [];
  for (const log of logs) {
    const isUsed = await wasUsed(log.path, { start: run.started_at, end: run.ended_at });
    if (isUsed) sessions.push({ ...log, sessionId: sessionIdOfLog(log.path), label: run.label ?? "" });
  }
  return sessions;
}
