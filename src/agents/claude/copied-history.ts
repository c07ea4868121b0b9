// A fork's file begins with its parent's conversation, copied line by line. Answers in it name the session they come
// from; the lines of the user do not, but have the ids they have in the parent's file.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { countText } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { copiedFrom } from "./head.ts";
import { findClaudeLog } from "./paths.ts";
import { parseClaudeLine } from "./record.ts";
import { mayBeAnswer, mayBeConversation } from "./record-kinds.ts";

/** What follows the last copied answer and may be copied too: what was asked last, and never answered. */
const MAX_REST = 200;
/** What a copied answer has. */
const MARK = '"requestSessionId":"';

/** Byte offset where the session's own work begins: 0 unless the log begins with copied history. */
export async function ownBeginning(path: string, { sessionId }: SessionHead, after = 0): Promise<number> {
  // Most logs hold no copied line at all.
  if ((await countText(path, MARK, { from: after }, 1)) === 0) return 0;
  const { parent, end } = await lastCopied(path, sessionId);
  if (parent === null) return 0;
  return await endOfRest(path, end, parentOf(path, parent));
}

async function lastCopied(path: string, sessionId: string): Promise<{ parent: string | null; end: number }> {
  let copied: { parent: string | null; end: number } = { parent: null, end: 0 };
  await scanRecords(
    path,
    {},
    {
      wants: mayBeAnswer,
      record(bytes, _offset, end) {
        const line = parseClaudeLine(bytes);
        const parent = line === null ? null : copiedFrom(line, sessionId);
        if (parent !== null) copied = { parent, end };
      },
    },
  );
  return copied;
}

/** The end of the lines after a position that stand in the parent's log as well. */
async function endOfRest(path: string, from: number, parent: string | null): Promise<number> {
  if (parent === null) return from;
  const rest = new Map<string, number>();
  await scanRecords(
    path,
    { from },
    {
      wants: (head) => rest.size < MAX_REST && mayBeConversation(head),
      record(bytes, _offset, end) {
        const id = idOf(bytes);
        if (id !== null) rest.set(id, end);
      },
    },
  );
  let own = from;
  await scanRecords(
    parent,
    {},
    {
      wants: mayBeConversation,
      record(bytes) {
        own = Math.max(own, rest.get(idOf(bytes) ?? "") ?? 0);
      },
    },
  );
  return own;
}

function idOf(bytes: Uint8Array): string | null {
  const line = parseClaudeLine(bytes);
  return line === null ? null : textField(line.fields, "uuid");
}

/** The log a session was forked from: beside the fork's own, or in another folder. */
function parentOf(path: string, parent: string): string | null {
  const beside = join(dirname(path), `${basename(parent)}.jsonl`);
  return existsSync(beside) ? beside : findClaudeLog(dirname(dirname(dirname(path))), parent);
}
