// The logs of a session's subagents: rollouts of their own, which name the session that began them. They lie among all
// others of those days; beside a copy of the session's log they lie in `subagents/`.
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { instantOf } from "../../events/timestamps.ts";
import { readFirstRecords } from "../../system/record-edges.ts";
import { readStart } from "../../system/regular-file.ts";
import { nullIfUnreadable } from "../log-heads.ts";
import { type SessionHead, threadOf } from "../session-head.ts";
import { readAgentName, readCodexHead } from "./head.ts";
import { homeOfLog, listRolloutsOfDays, rolloutsIn, sessionIdOfPath, threadIdOfPath } from "./paths.ts";
import { uuidInstant } from "./uuid.ts";

/** The log of a subagent. */
export interface SubagentLog {
  path: string;
  head: SessionHead;
  /** What the subagent is called, or its id. */
  name: string;
}

/** Where a copied log has those of its subagents, beside it. */
export const SUBAGENTS = "subagents";

/** The parent is named well within so many bytes of a log: before the instructions of the model. */
const PARENT_BYTES = 4096;

/** The logs of a session's subagents, and of theirs, in the order they were begun. */
export async function findSubagentLogs(log: string, head: SessionHead): Promise<SubagentLog[]> {
  const begun = uuidInstant(head.sessionId) ?? instantOf(head.startedAt);
  const thread = threadOf(head).toLowerCase();
  const parents = new Set([thread]);
  const found: SubagentLog[] = [];
  const all = await candidates(log, begun);
  // Once the thread goes on in another log, what is begun belongs there.
  const next = all.find(({ path, id }) => threadIdOfPath(path) === thread && id !== thread && id !== head.sessionId);
  for (const { path, id, at } of all) {
    if (next !== undefined && (at ?? 0) >= (next.at ?? 0)) break;
    if (parents.has(id) || !mayBeOf(path, parents)) continue;
    const records = (await nullIfUnreadable(() => readFirstRecords(path))) ?? [];
    const [head, name] = [readCodexHead(records, path), readAgentName(records)];
    const isOurs = head?.sessionId.toLowerCase() === id && parents.has(head.parent?.toLowerCase() ?? "");
    if (head === null || name === null || !isOurs) continue;
    parents.add(id);
    found.push({ path, head, name });
  }
  return found;
}

/** Every rollout that may have been begun by then or later, in the order they were begun: none comes before its parent. */
async function candidates(
  log: string,
  begun: number | null,
): Promise<{ path: string; id: string; at: number | null }[]> {
  const home = homeOfLog(log);
  const [beside, native] = await Promise.all([
    rolloutsIn(join(dirname(log), SUBAGENTS)),
    home === null || begun === null ? [] : stat(log).then(({ mtimeMs }) => listRolloutsOfDays(home, begun, mtimeMs)),
  ]);
  const all = [...beside, ...native].flatMap((path) => {
    const id = sessionIdOfPath(path);
    const at = uuidInstant(id);
    return id === null || (at ?? 0) < (begun ?? 0) ? [] : [{ path, id, at }];
  });
  return all.sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
}

/** A packed log cannot be told from its first bytes. */
function mayBeOf(path: string, parents: ReadonlySet<string>): boolean {
  if (path.endsWith(".zst")) return true;
  const start = readStart(path, PARENT_BYTES)?.toLowerCase() ?? "";
  return [...parents].some((parent) => start.includes(parent));
}
