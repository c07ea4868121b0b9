// What a rollout says of itself. The first `session_meta` is the file's own; later ones are copied fork history.

import { utcOf } from "../../events/timestamps.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import type { SessionHead } from "../session-head.ts";
import { sessionIdOfPath, threadIdOfPath } from "./paths.ts";
import { parseRecord, type RolloutRecord } from "./record.ts";

/** Reads the head from the first records of a log, and its name; null when they are not those of a rollout. */
export function readCodexHead(records: readonly Uint8Array[], path: string): SessionHead | null {
  const first = firstOf(records);
  if (first === null) return null;
  const meta = first.payload;
  // `session_id` names the root session, so a subagent's or a fork's own `id` comes first.
  const thread = textField(meta, "id") ?? textField(meta, "session_id");
  if (thread === null) return null;
  // Another log of the thread begins where the person went back to.
  const own = threadIdOfPath(path) === thread.toLowerCase() ? sessionIdOfPath(path) : null;
  const isBack = own !== null && own !== thread.toLowerCase();
  const git = fieldsField(meta, "git") ?? {};
  const originator = textField(meta, "originator");
  return {
    tool: "codex",
    sessionId: isBack ? own : thread,
    ...(isBack && { thread }),
    ...(originator !== null && { originator }),
    version: textField(meta, "cli_version"),
    startedAt: utcOf(textField(meta, "timestamp")) ?? first.at,
    cwd: textField(meta, "cwd") ?? cwdOfContext(records),
    git: {
      commit: textField(git, "commit_hash"),
      branch: textField(git, "branch"),
      repositoryUrl: textField(git, "repository_url"),
    },
    forkedFrom: isBack ? thread : textField(meta, "forked_from_id"),
    parent: parentOf(meta),
  };
}

/**
 * The name of a subagent that was given work, from the first records of its log: that of its task, after those of the
 * subagents it works for (`guide/pictures`), or its id. Null for every other session: reviews, summaries and memories
 * are Codex's own doing.
 */
export function readAgentName(records: readonly Uint8Array[]): string | null {
  const meta = firstOf(records)?.payload ?? {};
  const spawn = spawnOf(meta);
  // `/root` is the session itself, and no folder of the user of that name.
  return spawn === null ? null : (textField(spawn, "agent_path")?.replace(/^\/root\//, "") ?? textField(meta, "id"));
}

function firstOf(records: readonly Uint8Array[]): RolloutRecord | null {
  const first = records[0] === undefined ? null : parseRecord(records[0]);
  return first?.kind.type === "session_meta" ? first : null;
}

function spawnOf(meta: Fields): Fields | null {
  return asFields(asFields(fieldsField(meta, "source")?.subagent)?.thread_spawn);
}

/** A subagent names its parent; a review, compaction or memory session is one too, but not always says whose. */
function parentOf(meta: Fields): string | null {
  const subagent = fieldsField(meta, "source")?.subagent;
  const spawn = spawnOf(meta);
  const parent = (spawn && textField(spawn, "parent_thread_id")) ?? textField(meta, "parent_thread_id");
  if (parent !== null) return parent;
  if (subagent === undefined && textField(meta, "thread_source") !== "subagent") return null;
  const root = textField(meta, "session_id");
  return root !== null && root !== textField(meta, "id") ? root : "unknown";
}

/** The oldest files tell their working directory only in the environment context handed to the model. */
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
