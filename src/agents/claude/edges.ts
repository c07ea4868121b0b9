// The edges of a session file: what it says of itself, and when it was written to last.
import { scanLastRecords, scanRecords } from "../../system/records.ts";
import type { SessionHead } from "../session-head.ts";
import { isSessionId } from "../session-id.ts";
import { readClaudeHead } from "./head.ts";
import { sessionIdOfLog } from "./paths.ts";
import { parseClaudeLine } from "./record.ts";
import { mayBeConversation } from "./record-kinds.ts";

/** How much is read until a line tells the folder: a first prompt may have a whole file pasted into it. */
const HEAD_SIZES = [64 * 1024, 1024 * 1024, 16 * 1024 * 1024];

/** The head of a session file; null when it tells of no folder: nothing was said in it yet. */
export async function readHeadOfFile(path: string): Promise<SessionHead | null> {
  for (const size of HEAD_SIZES) {
    const records: Buffer[] = [];
    const { end, torn } = await scanRecords(
      path,
      { to: size },
      {
        wants: mayBeConversation,
        record: (bytes) => records.push(Buffer.from(bytes)),
      },
    );
    const name = sessionIdOfLog(path).toLowerCase();
    const head = readClaudeHead(isSessionId(name) ? name : null, records);
    if (head !== null || end + torn < size) return head;
  }
  return null;
}

/** So many of the last lines rarely tell no time. */
const LAST_LINES = 32;

/** The time of a session file's last line that has one. */
export async function lastTimeOfFile(path: string): Promise<string | null> {
  return (await lastTimeOfLines(path)) ?? (await lastTimeOfAny(path));
}

/** Parses from the end, and only as far as it must: this is asked of every log there is. */
async function lastTimeOfLines(path: string): Promise<string | null> {
  const lines: Buffer[] = [];
  const keep = () => ({
    record(bytes: Uint8Array) {
      lines.push(Buffer.from(bytes));
      if (lines.length > LAST_LINES) lines.shift();
    },
  });
  await scanLastRecords(path, {}, keep, () => true);
  for (const line of lines.reverse()) {
    const at = parseClaudeLine(line)?.at ?? null;
    if (at !== null) return at;
  }
  return null;
}

async function lastTimeOfAny(path: string): Promise<string | null> {
  let last: string | null = null;
  const attempt = () => ({
    record(bytes: Uint8Array) {
      last = parseClaudeLine(bytes)?.at ?? last;
    },
  });
  await scanLastRecords(path, {}, attempt, () => last !== null);
  return last;
}
