// Finds what the person typed among the records of role `user`. Fields of the record decide, not the text: a person may
// type the same tags that Claude Code inserts.
import type { ImageRef } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import { imagesOf } from "./outputs.ts";
import type { ClaudeRecord } from "./record.ts";

export interface Prompt {
  text: string;
  images: ImageRef[];
  /** A prompt typed while the model was busy, and given to the model between two calls. */
  isQueued: boolean;
}

const COMMAND =
  /^<command-message>[\s\S]*<command-name>(.*?)<\/command-name>(?:\s*<command-args>([\s\S]*)<\/command-args>)?/;
/** Pasted text, between tags of its own. The closing tag repeats the id. */
const PASTED = /[ \n]*<pasted_content id="([^"\n]*)">\n([\s\S]*?)\n?<\/pasted_content id="\1">/g;
/** A part of the text that an editor or Claude Code added. */
const INJECTED_PART = /^\s*<(ide_\w+|system-reminder)>[\s\S]*<\/\1>\s*$/;
/** The beginnings of texts that no person typed, for versions that do not record the origin. */
const PLUMBING =
  /^(?:<(?:command-name|bash-(?:input|stdout|stderr)|local-command-\w+|system-reminder|task-notification|user-memory-input)>|\[Request interrupted|Caveat: The messages below were generated|This session is being continued from a previous conversation)/;

/** The prompt of a record, also from versions that do not mark prompts; null for any other record. */
export function readPrompt(record: ClaudeRecord): Prompt | null {
  const { type, fields } = record;
  const text = markedPrompt(record) ?? (isUnmarkedPrompt(record) ? typedText(contentOf(fields)) : null);
  if (text === null) return null;
  const isQueued = type === "attachment";
  const images = imagesOf(isQueued ? fieldsField(fields, "attachment")?.prompt : contentOf(fields));
  // The text is empty when Claude Code added all of it.
  return text === "" && images.length === 0 ? null : { text, images, isQueued };
}

/** The text of a record that is marked as a prompt, empty when it is only an image; null for any other record. */
export function markedPrompt({ type, fields }: ClaudeRecord): string | null {
  if (isInjected(fields)) return null;
  if (type === "attachment") return queuedPrompt(fieldsField(fields, "attachment") ?? {});
  if (type !== "user") return null;
  const source = textField(fields, "promptSource");
  const isTyped = source === null ? originOf(fields) === "human" : source === "typed" || source === "sdk";
  return isTyped ? typedText(contentOf(fields)) : null;
}

/** Whether a record looks like a prompt of a version from before the fields `promptSource` and `origin`. */
export function isUnmarkedPrompt({ type, fields }: ClaudeRecord): boolean {
  if (type !== "user" || isInjected(fields)) return false;
  if (["promptSource", "origin", "turnOrigin"].some((name) => name in fields)) return false;
  const content = contentOf(fields);
  if (Array.isArray(content) && content.some((part) => asFields(part)?.type === "tool_result")) return false;
  return !PLUMBING.test(textOf(content).trim());
}

/** A prompt typed while the model was busy: it has no record of role `user`. */
function queuedPrompt(attachment: Fields): string | null {
  const isHuman = textField(attachment, "type") === "queued_command" && originOf(attachment) === "human";
  return isHuman ? typedText(attachment.prompt) : null;
}

function isInjected(fields: Fields): boolean {
  return [fields.isMeta, fields.isSidechain, fields.isCompactSummary].includes(true);
}

function originOf(fields: Fields): string | null {
  return textField(fieldsField(fields, "origin") ?? {}, "kind");
}

function contentOf(fields: Fields): unknown {
  return fieldsField(fields, "message")?.content;
}

/** The text as it was typed: a custom command as `/hello Ada`, pasted text without its tags. */
function typedText(content: unknown): string {
  const text = textOf(content);
  const [whole, name = "", words = ""] = COMMAND.exec(text) ?? [];
  return (whole === undefined ? text.replaceAll(PASTED, "\n$2") : `${name} ${words}`).trim();
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listField({ content }, "content")
    .map((part) => textField(asFields(part) ?? {}, "text") ?? "")
    .filter((text) => !INJECTED_PART.test(text))
    .join("");
}
