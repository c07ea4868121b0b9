// What Claude Code tells the model of tasks in the background: commands and subagents that have ended.
import type { Outcome } from "../../events/event.ts";
import { type Fields, fieldsField, textField } from "../fields.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeLine } from "./record.ts";

export interface TaskNotice {
  /** The task; a subagent's is the subagent's id. */
  task: string;
  outcome: Outcome;
  exitCode: number | null;
  /** A sentence for a person. */
  summary: string;
  /** It still waits in the queue: the conversation may tell of it again. */
  isQueued: boolean;
}

/** Reads a notification. A person may type its tags, but not its origin. */
export function taskNoticeOf({ type, fields }: ClaudeLine): TaskNotice | null {
  if (type === "queue-operation") return readNotice(textField(fields, "content") ?? "", true);
  const told = type === "attachment" ? (fieldsField(fields, "attachment") ?? {}) : fields;
  if (originOf(told) !== "task-notification") return null;
  return readNotice(textOf(type === "attachment" ? told.prompt : fieldsField(fields, "message")?.content), false);
}

function originOf(fields: Fields): string | null {
  return textField(fieldsField(fields, "origin") ?? {}, "kind");
}

function readNotice(text: string, isQueued: boolean): TaskNotice | null {
  const task = tag(text, "task-id");
  if (task === null || !text.trimStart().startsWith("<task-notification>")) return null;
  const summary = tag(text, "summary") ?? "";
  const digits = /\bexit code (\d{1,9})/.exec(summary)?.[1];
  const exitCode = digits === undefined ? null : Number(digits);
  return { task, outcome: outcomeOf(tag(text, "status") ?? "", exitCode), exitCode, summary, isQueued };
}

function outcomeOf(status: string, exitCode: number | null): Outcome {
  if (/^(?:killed|stopped|cancelled)$/.test(status)) return "interrupted";
  if (exitCode !== null) return exitCode === 0 ? "ok" : "failed";
  return status === "completed" ? "ok" : status === "failed" ? "failed" : "unknown";
}

function tag(text: string, name: string): string | null {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(text)?.[1]?.trim() ?? null;
}
