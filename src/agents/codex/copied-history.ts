// The log of a fork begins with a copy of its parent's history. Turn ids show where its own work begins: turns that the
// parent has too, or that were created before the fork, are copied.

import { instantOf } from "../../events/timestamps.ts";
import { countText } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import { type SessionHead, threadOf } from "../session-head.ts";
import { homeOfLog, listRollouts, sessionIdOfPath, threadIdOfPath, uuidTime } from "./paths.ts";
import { OPENING, parseRecord, type RolloutRecord } from "./record.ts";
import { type Kind, kindOfHead, timestampOfHead } from "./record-kinds.ts";

/** The byte offset where the session's own work begins: 0 unless the log begins with copied history. */
export async function ownBeginning(path: string, head: SessionHead): Promise<number> {
  const parentTurns = await turnsOfParent(path, head);
  const created = uuidTime(head.sessionId) ?? Number.NEGATIVE_INFINITY;
  const startedAt = instantOf(head.startedAt) ?? created;
  const isCopied = (turn: string) => parentTurns.has(turn) || (uuidTime(turn) ?? created) < created;
  /** The end of the last record known to be copied. */
  let copiedEnd = 0;
  /** The beginning of the first turn that is not copied. */
  let own: number | null = null;
  let hasCopiedTurn = false;
  /** The beginning of the user messages before the next turn: some versions write them before its first record. */
  let lead: number | null = null;
  let isLastCopied = false;
  const { end } = await scanRecords(
    path,
    {},
    {
      wants(text, offset) {
        if (isLastCopied) copiedEnd = offset;
        isLastCopied = false;
        if (offset === 0) return false;
        const kind = kindOfHead(text);
        if (kind === null || kind.type === "session_meta") return true;
        if (own !== null) return false;
        const turn = turnOfHead(text, kind);
        const at = instantOf(timestampOfHead(text));
        if (turn !== null && !isCopied(turn)) own = lead ?? offset;
        else if (turn !== null || (at !== null && at < startedAt)) isLastCopied = true;
        hasCopiedTurn ||= turn !== null && own === null;
        if (isLastCopied || !isUserMessage(text, kind)) lead = null;
        else lead ??= offset;
        return false;
      },
      opening: OPENING,
      record(bytes, _offset, after) {
        const record = parseRecord(bytes);
        if (record === null || !isForeign(record, head)) return record !== null;
        copiedEnd = after;
        own = null;
        lead = null;
        return true;
      },
    },
  );
  return own ?? (hasCopiedTurn || isLastCopied ? end : copiedEnd);
}

/**
 * Whether a log may contain copied history although its head names no parent: it then has several `session_meta`, of
 * which only the first describes the log itself.
 */
export async function mayContainCopies(path: string, after: number): Promise<boolean> {
  const own = after === 0 ? 1 : 0;
  // Inside a JSON string the quotes would be escaped.
  return (await countText(path, '"session_meta"', { from: after }, own + 1)) > own;
}

/** Whether a record is the `session_meta` of another log. */
export function isForeign({ kind, payload }: RolloutRecord, head: SessionHead): boolean {
  const id = kind.type === "session_meta" ? textField(payload, "id") : null;
  return id !== null && id !== threadOf(head);
}

async function turnsOfParent(path: string, head: SessionHead): Promise<Set<string>> {
  const turns = new Set<string>();
  const home = homeOfLog(path);
  const parent = (head.forkedFrom ?? head.parent)?.toLowerCase();
  if (home === null || parent === undefined) return turns;
  const created = uuidTime(head.sessionId) ?? Number.POSITIVE_INFINITY;
  // After going back in a thread, the thread is its own parent, and later logs of it may repeat turns of this one.
  const isOlder = (log: string) => (uuidTime(sessionIdOfPath(log)) ?? 0) < created;
  const logs = (await listRollouts(home)).filter((log) => threadIdOfPath(log) === parent && isOlder(log));
  for (const log of logs) {
    await scanRecords(
      log,
      {},
      {
        wants(text) {
          const turn = turnOfHead(text, kindOfHead(text));
          if (turn !== null) turns.add(turn);
          return false;
        },
        record: () => true,
      },
    );
  }
  return turns;
}

/** The id of the turn a record belongs to, read from its first bytes. */
function turnOfHead(head: string, kind: Kind | null): string | null {
  if (kind?.type !== "turn_context" && kind?.type !== "event_msg") return null;
  return /"turn_id":"([^"\\]+)"/.exec(head)?.[1] ?? null;
}

/** Whether a record is a message of the person, or one that Codex wrote in the role of the user. */
function isUserMessage(head: string, kind: Kind): boolean {
  return kind.payload === "user_message" || (kind.payload === "message" && !head.includes('"role":"assistant"'));
}
