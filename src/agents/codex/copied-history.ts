// A fork's file begins with its parent's history, copied. Where the fork's own work begins is told by turn ids: those
// found in the parent, and those made before the fork was, are replay.

import { instantOf } from "../../events/timestamps.ts";
import { scanRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import { type SessionHead, threadOf } from "../session-head.ts";
import { homeOfLog, listRollouts, sessionIdOfPath, threadIdOfPath } from "./paths.ts";
import { parseRecord } from "./record.ts";
import { type Kind, kindOfHead, timestampOfHead } from "./record-kinds.ts";
import { uuidInstant } from "./uuid.ts";

/** Byte offset where the session's own work begins: 0 unless the log begins with copied history. */
export async function ownBeginning(path: string, head: SessionHead): Promise<number> {
  const parentTurns = await turnsOfParent(path, head);
  const made = uuidInstant(head.sessionId) ?? Number.NEGATIVE_INFINITY;
  const startedAt = instantOf(head.startedAt) ?? made;
  const isReplay = (turn: string) => parentTurns.has(turn) || (uuidInstant(turn) ?? made) < made;
  /** End of the last record known to be copied. */
  let copied = 0;
  let own: number | null = null;
  let replayed = false;
  /** Where the messages begin that lead up to the next turn: some versions write them before its first record. */
  let lead: number | null = null;
  let ends = false;
  const { end } = await scanRecords(
    path,
    {},
    {
      wants(text, offset) {
        // What is copied ends where this record begins.
        if (ends) copied = offset;
        ends = false;
        if (offset === 0) return false;
        const kind = kindOfHead(text);
        if (kind === null || kind.type === "session_meta") return true;
        if (own !== null) return false;
        const turn = turnOfHead(text, kind);
        const at = instantOf(timestampOfHead(text));
        if (turn !== null && !isReplay(turn)) own = lead ?? offset;
        else if (turn !== null || (at !== null && at < startedAt)) ends = true;
        replayed ||= turn !== null && own === null;
        if (ends || !isLead(text, kind)) lead = null;
        else lead ??= offset;
        return false;
      },
      record(bytes, _offset, after) {
        if (!isForeignMeta(bytes, head)) return;
        copied = after;
        own = null;
        lead = null;
      },
    },
  );
  return own ?? (replayed || ends ? end : copied);
}

/** Whether a record is a `session_meta`, but not the file's own. */
export function isForeignMeta(bytes: Uint8Array, head: SessionHead): boolean {
  const record = parseRecord(bytes);
  const id = record?.kind.type === "session_meta" ? textField(record.payload, "id") : null;
  return id !== null && id !== threadOf(head);
}

async function turnsOfParent(path: string, head: SessionHead): Promise<Set<string>> {
  const turns = new Set<string>();
  const home = homeOfLog(path);
  const parent = (head.forkedFrom ?? head.parent)?.toLowerCase();
  if (home === null || parent === undefined) return turns;
  const made = uuidInstant(head.sessionId) ?? Number.POSITIVE_INFINITY;
  // Where a person went back in a thread, that is its own parent: later logs of it may repeat what this one tells.
  const isOlder = (log: string) => (uuidInstant(sessionIdOfPath(log)) ?? 0) < made;
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
        record() {},
      },
    );
  }
  return turns;
}

/** The turn a record names as its own. */
function turnOfHead(head: string, kind: Kind | null): string | null {
  if (kind?.type !== "turn_context" && kind?.type !== "event_msg") return null;
  return /"turn_id":"([^"\\]+)"/.exec(head)?.[1] ?? null;
}

/** Messages of the person, or in the person's name. */
function isLead(head: string, kind: Kind): boolean {
  return kind.payload === "user_message" || (kind.payload === "message" && !head.includes('"role":"assistant"'));
}
