// The head of a session file. The file name is the session's id. The session began in the first directory that a record
// names; later records change it after a `cd`.

import { scanRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { isSessionId } from "../session-id.ts";
import { copiedFrom } from "./copied-history.ts";
import { sessionIdOfLog } from "./paths.ts";
import { type ClaudeRecord, OPENING, parseRecord } from "./record.ts";
import { mayBeConversation } from "./record-kinds.ts";

/**
 * How many bytes are read at most until a record names the directory: a first prompt may contain a whole pasted file.
 */
const HEAD_SIZES = [64 * 1024, 1024 * 1024, 16 * 1024 * 1024];

/** How much of a log without a head is read to find out why. */
const PROBLEM_BYTES = 64 * 1024;

/** The head of a session file; null when no record names a directory, because the conversation has not begun. */
export async function readHead(path: string): Promise<SessionHead | null> {
  for (const size of HEAD_SIZES) {
    const records: ClaudeRecord[] = [];
    const record = (bytes: Uint8Array) => {
      const parsed = parseRecord(bytes);
      if (parsed !== null) records.push(parsed);
      return parsed !== null;
    };
    const visitor = { wants: mayBeConversation, opening: OPENING, record };
    const { end, torn } = await scanRecords(path, { to: size }, visitor);
    const name = sessionIdOfLog(path).toLowerCase();
    const head = headOfRecords(isSessionId(name) ? name : null, records);
    if (head !== null || end + torn < size) return head;
  }
  return null;
}

/** `idInName`: the session id in the file name; null if the file was renamed. */
function headOfRecords(idInName: string | null, records: readonly ClaudeRecord[]): SessionHead | null {
  const first = records.find(({ fields }) => textField(fields, "cwd") !== null);
  const sessionId = textField(first?.fields ?? {}, "sessionId")?.toLowerCase();
  if (first === undefined || sessionId === undefined || sessionId !== (idInName ?? sessionId)) return null;
  // The records of a subagent's log have the id of the session that started it.
  if (idInName === null && (first.fields.isSidechain === true || !isSessionId(sessionId))) return null;
  const forkedFrom = records.map((record) => copiedFrom(record, sessionId)).find((id) => id !== null) ?? null;
  return {
    tool: "claude",
    sessionId,
    version: textField(first.fields, "version"),
    // A fork begins with records copied from its parent, which keep their times.
    startedAt: forkedFrom === null ? (records.find(({ at }) => at !== null)?.at ?? null) : null,
    cwd: textField(first.fields, "cwd"),
    git: { commit: null, branch: textField(first.fields, "gitBranch"), repositoryUrl: null },
    forkedFrom,
    parent: null,
  };
}

/** Why a log has no head although it has records of a conversation; null if it has none, or belongs to a subagent. */
export async function headProblem(path: string): Promise<string | null> {
  let other: string | null = null;
  let isOfSubagent = false;
  let damaged = 0;
  await scanRecords(
    path,
    { to: PROBLEM_BYTES },
    {
      wants: mayBeConversation,
      opening: OPENING,
      record(bytes) {
        const record = parseRecord(bytes);
        if (record === null) return false;
        isOfSubagent ||= record.fields.isSidechain === true;
        if (textField(record.fields, "cwd") !== null) other ??= textField(record.fields, "sessionId");
        return true;
      },
      damaged: () => damaged++,
    },
  );
  if (isOfSubagent) return null;
  if (other !== null) return `its records are of session ${other}: rename it to \`${other}.jsonl\` to record it`;
  return damaged > 0 ? "its first records are damaged, so that its session is not known" : null;
}
