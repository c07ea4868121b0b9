// What stands between the conversation: commands of the screen, hooks, interruptions, errors of the service. Each is
// shown as what it is; none is said by the person or the model.
import type { NoticeEvent } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, numberField, textField } from "../fields.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeLine } from "./record.ts";

export type Notice = Pick<NoticeEvent, "level" | "text" | "by">;

/** Kinds of `system` lines that tell nothing of the conversation. */
const SILENT = new Set(
  "agents_killed bridge_status compact_boundary file_snapshot memory_saved microcompact_boundary turn_duration".split(
    " ",
  ),
);

/** What a line tells beside the conversation; null for nothing. */
export function noticeOf({ type, fields }: ClaudeLine): Notice | null {
  if (fields.isMeta === true) return null;
  if (type === "system") return ofSystem(fields);
  if (type === "attachment") return ofHook(fieldsField(fields, "attachment") ?? {});
  return type === "user" ? ofUser(textOf(fieldsField(fields, "message")?.content).trim()) : null;
}

/** The text of an answer that is none of the model's: an error of the service, or of the way to it. */
export function noticeOfAnswer(fields: Fields): Notice | null {
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

/** A command of the screen, or what it printed. */
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
  if (SILENT.has(kind)) return null;
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
  const told = fieldsField(fieldsField(error, "error") ?? {}, "error") ?? error;
  const message = textField(told, "message") ?? textField(fields, "content") ?? "the service did not answer";
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
  const printed = ["content", "stdout", "stderr", "message"].flatMap((field) => saidIn(attachment, field));
  const said = plain(printed.find((text) => text !== "") ?? "");
  const level = /error|stopped|cancelled/.test(type) ? "error" : "info";
  return said === "" && level === "info" ? null : { level, text: said === "" ? name : `${name}: ${said}`, by: "hook" };
}

function saidIn(attachment: Fields, field: string): string[] {
  const value = attachment[field];
  if (typeof value === "string") return [value.trim()];
  return Array.isArray(value)
    ? [
        value
          .filter((part) => asFields(part) === null)
          .join("\n")
          .trim(),
      ]
    : [];
}

function info(text: string): Notice {
  return { level: "info", text: text.trim() };
}

const ESCAPE = String.fromCharCode(27);
const STYLE = new RegExp(`${ESCAPE}\\[[\\d;?]*[A-Za-z]`, "g");

/** Without the colours of a terminal. */
function plain(text: string): string {
  return text.replace(STYLE, "").trim();
}
