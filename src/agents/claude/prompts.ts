// What the person typed, out of everything that stands in a session file as said by the user. The fields decide, not
// the text: a person may type any tag.
import type { ImageRef } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import { imagesOf } from "./outputs.ts";
import type { ClaudeLine } from "./record.ts";

export interface Prompt {
  text: string;
  images: ImageRef[];
  /** It was typed while the model was busy, and was given to it between two calls. */
  isQueued: boolean;
}

const COMMAND =
  /^<command-message>[\s\S]*<command-name>(.*?)<\/command-name>(?:\s*<command-args>([\s\S]*)<\/command-args>)?/;
/** What was pasted stands between tags of its own; the closing one repeats the id. */
const PASTED = /[ \n]*<pasted_content id="([^"\n]*)">\n([\s\S]*?)\n?<\/pasted_content id="\1">/g;
/** Parts that an editor or Claude Code put beside the person's own. */
const INJECTED_PART = /^\s*<(ide_\w+|system-reminder)>[\s\S]*<\/\1>\s*$/;
/** How a line begins that no person typed, in versions that do not say whose a line is. */
const PLUMBING =
  /^(?:<(?:command-name|bash-(?:input|stdout|stderr)|local-command-\w+|system-reminder|task-notification|user-memory-input)>|\[Request interrupted|Caveat: The messages below were generated|This session is being continued from a previous conversation)/;

/** The prompt of a line, also of a version that marks none; null for every other line. */
export function readPrompt(line: ClaudeLine): Prompt | null {
  const { type, fields } = line;
  const text = promptOfLine(line) ?? (isUnmarked(line) ? typedText(contentOf(fields)) : null);
  if (text === null) return null;
  const isQueued = type === "attachment";
  const images = imagesOf(isQueued ? fieldsField(fields, "attachment")?.prompt : contentOf(fields));
  // Nothing that anybody could have meant: what is left when all was put in by the tool.
  return text === "" && images.length === 0 ? null : { text, images, isQueued };
}

/** The text of a real prompt, empty when it is only an image; null for every other line. */
export function promptOfLine({ type, fields }: ClaudeLine): string | null {
  if (isInjected(fields)) return null;
  if (type === "attachment") return queuedPrompt(fieldsField(fields, "attachment") ?? {});
  if (type !== "user") return null;
  const source = textField(fields, "promptSource");
  const isTyped = source === null ? originOf(fields) === "human" : source === "typed" || source === "sdk";
  return isTyped ? typedText(contentOf(fields)) : null;
}

/**
 * Whether a line may be a prompt of a version that did not say so: those before `promptSource` and `origin`. What such
 * a log's prompts are is not told by fields.
 */
export function isUnmarked({ type, fields }: ClaudeLine): boolean {
  if (type !== "user" || isInjected(fields)) return false;
  if (["promptSource", "origin", "turnOrigin"].some((name) => name in fields)) return false;
  const content = contentOf(fields);
  if (Array.isArray(content) && content.some((part) => asFields(part)?.type === "tool_result")) return false;
  return !PLUMBING.test(textOf(content).trim());
}

/** Typed while the model was busy: there is no line of the user for it. */
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

/** A command of the user's own stands as it was typed: `/hello Ada`. So does what was pasted. */
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
