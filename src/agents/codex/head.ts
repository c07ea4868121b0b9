// The head of a rollout: its first `session_meta`. Later ones belong to copied history.

import { utcOf } from "../../events/timestamps.ts";
import { readChunks } from "../../system/chunks.ts";
import { readFirstRecords } from "../../system/records.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import { type SessionHead, threadOf } from "../session-head.ts";
import { sessionIdOfPath, threadIdOfPath } from "./paths.ts";
import { OPENING, parseRecord, type RolloutRecord } from "./record.ts";
import { readTornHead } from "./torn-head.ts";

const FIRST_BYTES = 64 * 1024;
const LF = 0x0a;

/** Reads the head of a log; null when it is not a rollout. */
export async function readHead(path: string): Promise<SessionHead | null> {
  const records = await readFirstRecords(path, OPENING);
  const head = parseHead(records, path);
  const named = threadIdOfPath(path);
  if (head !== null && (named === null || named === threadOf(head).toLowerCase())) return head;
  // The first whole record may be of a session whose history was copied.
  return (await readTornHead(path, records)) ?? head;
}

/** Reads the head from the first records of a log and its file name; null when it is not a rollout. */
export function parseHead(records: readonly Uint8Array[], path: string): SessionHead | null {
  const first = firstOf(records);
  if (first === null) return null;
  const meta = first.payload;
  // `session_id` is the root session; `id` is the own id of a subagent or fork.
  const thread = textField(meta, "id") ?? textField(meta, "session_id");
  if (thread === null) return null;
  // After the person goes back in a thread, Codex continues it in another log with an id of its own.
  const own = threadIdOfPath(path) === thread.toLowerCase() ? sessionIdOfPath(path) : null;
  const isContinued = own !== null && own !== thread.toLowerCase();
  const git = fieldsField(meta, "git") ?? {};
  const originator = textField(meta, "originator");
  return {
    tool: "codex",
    sessionId: isContinued ? own : thread,
    ...(isContinued && { thread }),
    ...(originator !== null && { originator }),
    version: textField(meta, "cli_version"),
    startedAt: utcOf(textField(meta, "timestamp")) ?? first.at,
    cwd: textField(meta, "cwd") ?? cwdOfContext(records),
    git: {
      commit: textField(git, "commit_hash"),
      branch: textField(git, "branch"),
      repositoryUrl: textField(git, "repository_url"),
    },
    forkedFrom: isContinued ? thread : textField(meta, "forked_from_id"),
    parent: parentOf(meta),
  };
}

/**
 * The name of a subagent from the first records of its log: its task after the tasks of its parents (`guide/pictures`),
 * or its id. Null for every other session: Codex itself starts sessions for reviews, summaries and memories.
 */
export function readAgentName(records: readonly Uint8Array[]): string | null {
  const meta = firstOf(records)?.payload ?? {};
  const spawn = spawnOf(meta);
  // `/root` is the session itself, not a directory.
  return spawn === null ? null : (textField(spawn, "agent_path")?.replace(/^\/root\//, "") ?? textField(meta, "id"));
}

function firstOf(records: readonly Uint8Array[]): RolloutRecord | null {
  const first = records[0] === undefined ? null : parseRecord(records[0]);
  return first?.kind.type === "session_meta" ? first : null;
}

function spawnOf(meta: Fields): Fields | null {
  return asFields(asFields(fieldsField(meta, "source")?.subagent)?.thread_spawn);
}

/**
 * The parent of a subagent. A review, compaction or memory session has a parent too, but may not name it: the result is
 * then `unknown`.
 */
function parentOf(meta: Fields): string | null {
  const subagent = fieldsField(meta, "source")?.subagent;
  const spawn = spawnOf(meta);
  const parent = (spawn && textField(spawn, "parent_thread_id")) ?? textField(meta, "parent_thread_id");
  if (parent !== null) return parent;
  if (subagent === undefined && textField(meta, "thread_source") !== "subagent") return null;
  const root = textField(meta, "session_id");
  return root !== null && root !== textField(meta, "id") ? root : "unknown";
}

/** The working directory in the oldest files: only the environment context for the model has it. */
function cwdOfContext(records: readonly Uint8Array[]): string | null {
  for (const bytes of records.slice(0, 10)) {
    const record = parseRecord(bytes);
    if (record?.kind.payload !== "message") continue;
    for (const part of listField(record.payload, "content")) {
      const text = textField(asFields(part) ?? {}, "text") ?? "";
      if (!text.startsWith("<environment_context>")) continue;
      const cwd = /^\s*Current working directory: (.+)$/m.exec(text)?.[1] ?? /<cwd>(.+?)<\/cwd>/.exec(text)?.[1];
      if (cwd !== undefined) return cwd.trim();
    }
  }
  return null;
}

/** Why a file that is named like a rollout has no head; null if it is empty, or is not named so. */
export async function headProblem(path: string): Promise<string | null> {
  if (threadIdOfPath(path) === null) return null;
  for await (const chunk of readChunks(path, { to: FIRST_BYTES })) {
    if (chunk.includes(LF)) return "its first records are damaged, so that its session is not known";
  }
  return null;
}
