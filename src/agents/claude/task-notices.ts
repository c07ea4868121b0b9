// Notifications to the model that a background task, a command or a subagent, has ended.
import type { Outcome } from "../../events/event.ts";
import { type Fields, fieldsField, textField } from "../fields.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeRecord } from "./record.ts";

export interface TaskNotice {
  /** The id of the task; for a subagent, its own id. */
  task: string;
  outcome: Outcome;
  exitCode: number | null;
  /** A sentence for the reader. */
  summary: string;
  /** The notification is still in the queue: the conversation may repeat it. */
  isQueued: boolean;
}

/**
 * Reads a notification; null for any other record. The origin field of the record decides, not the text: a person may
 * type the tags.
 */
export function taskNoticeOf({ type, fields }: ClaudeRecord): TaskNotice | null {
  if (type === "queue-operation") return readNotice(textField(fields, "content") ?? "", true);
  const source = type === "attachment" ? (fieldsField(fields, "attachment") ?? {}) : fields;
  if (originOf(source) !== "task-notification") return null;
  return readNotice(textOf(type === "attachment" ? source.prompt : fieldsField(fields, "message")?.content), false);
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
