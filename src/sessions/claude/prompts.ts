// What the person typed, out of everything that stands in a session file as said by the user. The fields decide, not
// the text: a person may type any tag.
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import type { ClaudeLine } from "./schema.ts";

const COMMAND =
  /^<command-message>[\s\S]*<command-name>(.*?)<\/command-name>(?:\s*<command-args>([\s\S]*)<\/command-args>)?/;

/** The text of a real prompt, empty when it is only an image; null for every other line. */
export function promptOfLine({ type, fields }: ClaudeLine): string | null {
  if (isInjected(fields)) return null;
  if (type === "attachment") return queuedPrompt(fieldsField(fields, "attachment") ?? {});
  if (type !== "user") return null;
  const source = textField(fields, "promptSource");
  const isTyped = source === null ? originOf(fields) === "human" : source === "typed" || source === "sdk";
  return isTyped ? typedText(textOf(fieldsField(fields, "message")?.content)) : null;
}

/**
 * Whether a line may be a prompt of a version that did not say so: those before `promptSource` and `origin`. What such
 * a log's prompts are is not told by fields.
 */
export function isUnmarked({ type, fields }: ClaudeLine): boolean {
  if (type !== "user" || isInjected(fields)) return false;
  if (["promptSource", "origin", "turnOrigin"].some((name) => name in fields)) return false;
  const content = fieldsField(fields, "message")?.content;
  if (Array.isArray(content) && content.some((part) => asFields(part)?.type === "tool_result")) return false;
  return !/^(?:<(?:command-name|bash-input|local-command-\w+)>|\[Request interrupted)/.test(textOf(content).trim());
}

/** Typed while the model was busy: there is no line of the user for it. */
function queuedPrompt(attachment: Fields): string | null {
  const isHuman = textField(attachment, "type") === "queued_command" && originOf(attachment) === "human";
  return isHuman ? textOf(attachment.prompt).trim() : null;
}

function isInjected(fields: Fields): boolean {
  return [fields.isMeta, fields.isSidechain, fields.isCompactSummary].includes(true);
}

function originOf(fields: Fields): string | null {
  return textField(fieldsField(fields, "origin") ?? {}, "kind");
}

/** A command of the user's own stands as it was typed: `/hello Ada`. */
function typedText(text: string): string {
  const [whole, name = "", words = ""] = COMMAND.exec(text) ?? [];
  return (whole === undefined ? text : `${name} ${words}`).trim();
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listField({ content }, "content")
    .map((part) => textField(asFields(part) ?? {}, "text") ?? "")
    .join("");
}
