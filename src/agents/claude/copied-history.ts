// The log of a fork begins with a copy of its parent's conversation. Copied replies name the session they come from.
// Copied user records do not, but they have the same ids as in the parent's log.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { countText } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { findClaudeLog } from "./paths.ts";
import { type ClaudeRecord, OPENING, parseRecord } from "./record.ts";
import { mayBeConversation, mayBeReply } from "./record-kinds.ts";

/** How many records after the last copied reply may be copied too, as a last prompt without an answer is. */
const MAX_UNANSWERED = 200;
/** Every copied reply has this key. */
const ORIGIN_KEY = '"requestSessionId":"';

/** The byte offset where the session's own work begins: 0 unless the log begins with copied history. */
export async function ownBeginning(path: string, { sessionId }: SessionHead, after = 0): Promise<number> {
  // Most logs have no copied record at all.
  if ((await countText(path, ORIGIN_KEY, { from: after }, 1)) === 0) return 0;
  const { parent, end } = await lastCopiedReply(path, sessionId);
  if (parent === null) return 0;
  return await endOfUnanswered(path, end, parentLog(path, parent));
}

/** The session a reply was copied from; null for the session's own records. */
export function copiedFrom({ type, fields }: ClaudeRecord, sessionId: string): string | null {
  const origin = type === "assistant" ? textField(fields, "requestSessionId") : null;
  return origin === sessionId ? null : origin;
}

async function lastCopiedReply(path: string, sessionId: string): Promise<{ parent: string | null; end: number }> {
  let copied: { parent: string | null; end: number } = { parent: null, end: 0 };
  await scanRecords(
    path,
    {},
    {
      wants: mayBeReply,
      opening: OPENING,
      record(bytes, _offset, end) {
        const record = parseRecord(bytes);
        const parent = record === null ? null : copiedFrom(record, sessionId);
        if (parent !== null) copied = { parent, end };
        return record !== null;
      },
    },
  );
  return copied;
}

/** The end of the records after a position that are in the parent's log too. */
async function endOfUnanswered(path: string, from: number, parent: string | null): Promise<number> {
  if (parent === null) return from;
  const ends = new Map<string, number>();
  await scanRecords(
    path,
    { from },
    {
      wants: (head) => ends.size < MAX_UNANSWERED && mayBeConversation(head),
      opening: OPENING,
      record(bytes, _offset, end) {
        const record = parseRecord(bytes);
        const id = record && idOf(record);
        if (id !== null) ends.set(id, end);
        return record !== null;
      },
    },
  );
  let own = from;
  await scanRecords(
    parent,
    {},
    {
      wants: mayBeConversation,
      opening: OPENING,
      record(bytes) {
        const record = parseRecord(bytes);
        own = Math.max(own, ends.get((record && idOf(record)) ?? "") ?? 0);
        return record !== null;
      },
    },
  );
  return own;
}

function idOf({ fields }: ClaudeRecord): string | null {
  return textField(fields, "uuid");
}

/** The log of the session that was forked, beside the fork's log or in another project folder; null when it is gone. */
function parentLog(path: string, parent: string): string | null {
  const beside = join(dirname(path), `${basename(parent)}.jsonl`);
  return existsSync(beside) ? beside : findClaudeLog(dirname(dirname(dirname(path))), parent);
}
