// The logs of a session's subagents: rollouts of their own, which name their parent session. They lie among the other
// rollouts of the same days, and in `subagents/` beside a copy of the session's log.
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { instantOf } from "../../events/timestamps.ts";
import { readFirstRecords } from "../../system/records.ts";
import { readStart } from "../../system/regular-file.ts";
import { nullIfUnreadable } from "../log-heads.ts";
import { type SessionHead, threadOf } from "../session-head.ts";
import { parseHead, readAgentName } from "./head.ts";
import { homeOfLog, listRolloutsBetween, listRolloutsIn, sessionIdOfPath, threadIdOfPath, uuidTime } from "./paths.ts";
import { OPENING } from "./record.ts";

export interface SubagentLog {
  path: string;
  head: SessionHead;
  /** The subagent's name, or its id. */
  name: string;
}

/** The folder beside a copied log that holds the logs of its subagents. */
export const SUBAGENTS = "subagents";

/** How many first bytes are searched: a log names its parent before the instructions for the model. */
const PARENT_BYTES = 4096;

/** The logs of a session's subagents and of their subagents, in the order in which they were created. */
export async function findSubagentLogs(log: string, head: SessionHead): Promise<SubagentLog[]> {
  const created = uuidTime(head.sessionId) ?? instantOf(head.startedAt);
  const thread = threadOf(head).toLowerCase();
  const parents = new Set([thread]);
  const found: SubagentLog[] = [];
  const all = await listCandidates(log, created);
  // Once the thread continues in another log, new subagents belong to that log.
  const next = all.find(({ path, id }) => threadIdOfPath(path) === thread && id !== thread && id !== head.sessionId);
  for (const { path, id, at } of all) {
    if (next !== undefined && (at ?? 0) >= (next.at ?? 0)) break;
    if (parents.has(id) || !mayBeChildOf(path, parents)) continue;
    const records = (await nullIfUnreadable(() => readFirstRecords(path, OPENING))) ?? [];
    const [head, name] = [parseHead(records, path), readAgentName(records)];
    const isChild = head?.sessionId.toLowerCase() === id && parents.has(head.parent?.toLowerCase() ?? "");
    if (head === null || name === null || !isChild) continue;
    parents.add(id);
    found.push({ path, head, name });
  }
  return found;
}

interface Candidate {
  path: string;
  id: string;
  at: number | null;
}

/** The rollouts created at or after a time, in order of creation, so that a parent comes before its subagents. */
async function listCandidates(log: string, created: number | null): Promise<Candidate[]> {
  const home = homeOfLog(log);
  const [beside, native] = await Promise.all([
    listRolloutsIn(join(dirname(log), SUBAGENTS)),
    home === null || created === null
      ? []
      : stat(log).then(({ mtimeMs }) => listRolloutsBetween(home, created, mtimeMs)),
  ]);
  const all = [...beside, ...native].flatMap((path) => {
    const id = sessionIdOfPath(path);
    const at = uuidTime(id);
    return id === null || (at ?? 0) < (created ?? 0) ? [] : [{ path, id, at }];
  });
  return all.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** Whether a log may name one of these parents. The first bytes of a compressed log do not show it. */
function mayBeChildOf(path: string, parents: ReadonlySet<string>): boolean {
  if (path.endsWith(".zst")) return true;
  const start = readStart(path, PARENT_BYTES)?.toLowerCase() ?? "";
  return [...parents].some((parent) => start.includes(parent));
}
