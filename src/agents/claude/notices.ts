// Notices: slash commands, hooks, interruptions and API errors. They are neither prompts nor replies.
import type { NoticeEvent } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, numberField, textField } from "../fields.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeRecord } from "./record.ts";

export type Notice = Pick<NoticeEvent, "level" | "text" | "by">;

/** Kinds of `system` records that are not shown. */
const IGNORED = new Set(
  "agents_killed bridge_status compact_boundary file_snapshot memory_saved microcompact_boundary turn_duration".split(
    " ",
  ),
);

/** The notice in a record; null when there is none. */
export function noticeOf({ type, fields }: ClaudeRecord): Notice | null {
  if (fields.isMeta === true) return null;
  if (type === "system") return ofSystem(fields);
  if (type === "attachment") return ofHook(fieldsField(fields, "attachment") ?? {});
  return type === "user" ? ofUser(textOf(fieldsField(fields, "message")?.content).trim()) : null;
}

/** The notice in an `assistant` record that Claude Code wrote itself, such as an API error; null for a reply. */
export function noticeOfReply(fields: Fields): Notice | null {
  const message = fieldsField(fields, "message") ?? {};
  const isError = fields.isApiErrorMessage === true;
  if (!isError && textField(message, "model") !== "<synthetic>") return null;
  const text = textOf(message.content).trim();
  return { level: isError ? "error" : "info", text: text === "No response requested." ? "" : text };
}

function ofUser(text: string): Notice | null {
  if (/^\[Request interrupted by user/.test(text)) return info("interrupted by the user");
  return ofScreen(text);
}

/** A slash command, or its output. */
function ofScreen(text: string): Notice | null {
  const [, name] = /^<command-name>(.*?)<\/command-name>/.exec(text) ?? [];
  if (name !== undefined) {
    const [, words = ""] = /<command-args>([\s\S]*?)<\/command-args>/.exec(text) ?? [];
    return { ...info(`${name} ${words}`), by: "screen" };
  }
  const [, stream, printed = ""] = /^<local-command-(stdout|stderr)>([\s\S]*)<\/local-command-\1>$/.exec(text) ?? [];
  if (stream === undefined) return null;
  return { level: stream === "stderr" ? "error" : "info", text: plain(printed), by: "screen" };
}

function ofSystem(fields: Fields): Notice | null {
  const kind = textField(fields, "subtype") ?? "";
  const content = textField(fields, "content") ?? "";
  if (IGNORED.has(kind)) return null;
  if (kind === "local_command") return ofScreen(content.trim());
  if (kind === "stop_hook_summary") {
    const errors = listField(fields, "hookErrors").map((error) => (typeof error === "string" ? error : ""));
    return errors.length === 0 ? null : { level: "error", text: `hook Stop: ${errors.join("\n").trim()}`, by: "hook" };
  }
  if (kind === "api_error") return { level: "error", text: apiError(fields) };
  const isBad = textField(fields, "level") === "error";
  return content === "" ? null : { level: isBad ? "error" : "info", text: plain(content) };
}

function apiError(fields: Fields): string {
  const error = fieldsField(fields, "error") ?? {};
  const status = numberField(error, "status");
  const cause = fieldsField(fieldsField(error, "error") ?? {}, "error") ?? error;
  const message = textField(cause, "message") ?? textField(fields, "content") ?? "the model provider did not answer";
  return `${status === null ? "" : `${status} `}${message}`;
}

function ofHook(attachment: Fields): Notice | null {
  const type = textField(attachment, "type") ?? "";
  if (!type.startsWith("hook_")) return null;
  const name = `hook ${textField(attachment, "hookName") ?? textField(attachment, "hookEvent") ?? ""}`.trim();
  const blocking = fieldsField(attachment, "blockingError");
  if (blocking !== null) {
    return { level: "error", text: `${name}: ${textField(blocking, "blockingError") ?? ""}`.trim(), by: "hook" };
  }
  const texts = ["content", "stdout", "stderr", "message"].map((field) => textIn(attachment[field]));
  const text = plain(texts.find((each) => each !== "") ?? "");
  const level = /error|stopped|cancelled/.test(type) ? "error" : "info";
  return text === "" && level === "info" ? null : { level, text: text === "" ? name : `${name}: ${text}`, by: "hook" };
}

function textIn(value: unknown): string {
  if (typeof value === "string") return value.trim();
  const texts = Array.isArray(value) ? value.filter((part) => asFields(part) === null) : [];
  return texts.join("\n").trim();
}

function info(text: string): Notice {
  return { level: "info", text: text.trim() };
}

const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]`, "g");

/** The text without terminal colors. */
function plain(text: string): string {
  return text.replace(STYLE, "").trim();
}
