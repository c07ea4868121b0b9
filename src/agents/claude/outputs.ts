// Reads the results of calls: the `tool_result` block for the model, and the details that Claude Code adds to the record.
import type { ImageRef, Outcome } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, numberField, textField } from "../fields.ts";
import type { ClaudeRecord } from "./record.ts";

export interface CallResult {
  id: string;
  at: string | null;
  text: string;
  images: ImageRef[];
  isError: boolean;
  /** The details of a success; null for an error, and always in a subagent's log. */
  details: Fields | null;
  /** Why the call was denied, where the log says so. */
  denial: { kind: string; beforeRun: boolean } | null;
}

/** The message of a call that was stopped or denied. Only the text of an error is compared with it. */
const DENIED =
  /^(?:The user doesn['’]t want to (?:proceed|take this action)|\[Request interrupted by user|User rejected|(?:Pre|Post)ToolUse:\S* hook error|Permission to use|Claude requested permissions?|This command requires approval|This Bash command)|haven['’]t granted|needs? approval/;
/** The message of a call that never ran because a permission prompt was not answered. */
const NOT_PERMITTED = /requested permissions?|haven['’]t granted|(?:needs?|requires?) approval|Permission to use/;

/** The results in a record of role `user`. */
export function resultsOf({ at, fields }: ClaudeRecord): CallResult[] {
  const parts = listField(fieldsField(fields, "message") ?? {}, "content");
  return parts.flatMap((part) => {
    const block = asFields(part);
    const id = block?.type === "tool_result" ? textField(block, "tool_use_id") : null;
    if (block === null || id === null) return [];
    const kind = textField(fields, "toolDenialKind");
    return {
      id,
      at,
      text: textOf(block.content),
      images: imagesOf(block.content),
      isError: block.is_error === true,
      details: fieldsField(fields, "toolUseResult"),
      denial: kind === null ? null : { kind, beforeRun: fields.toolDenialBeforeRun === true },
    };
  });
}

/** The text parts of a content. */
export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return listField({ content }, "content")
    .flatMap((part) => textField(asFields(part) ?? {}, "text") ?? [])
    .join("\n");
}

/** The images of a content, as data URLs. */
export function imagesOf(content: unknown): ImageRef[] {
  return listField({ content }, "content").flatMap((part) => {
    const block = asFields(part);
    const source = block?.type === "image" ? fieldsField(block, "source") : null;
    if (source === null) return [];
    const data = textField(source, "data");
    const url = data === null ? textField(source, "url") : `data:${textField(source, "media_type")};base64,${data}`;
    return url === null ? [] : { url };
  });
}

/** The exit status of a command that failed, from the first line of its result. */
export function exitCodeOf({ isError, text }: CallResult): number | null {
  const digits = isError ? /^(?:Error: )?Exit code (\d{1,9})\b/.exec(text)?.[1] : undefined;
  return digits === undefined ? null : Number(digits);
}

/**
 * How a call ended. Esc during a command has the same message as a denial. Only logs that record the kind of a denial
 * tell them apart: a rejection that did not come before the run interrupted it.
 */
export function outcomeOf(result: CallResult): Outcome {
  const { isError, text, details, denial } = result;
  if (!isError) return details?.interrupted === true ? "interrupted" : "ok";
  if (/\[Request interrupted by user[^\]]*\]\s*$/.test(text)) return "interrupted";
  if (exitCodeOf(result) !== null) return "failed";
  if (/^(?:Error: )?Command timed out/.test(text)) return "interrupted";
  if (denial === null) return DENIED.test(text) ? "refused" : "failed";
  return denial.kind === "user-rejected" && !denial.beforeRun && !NOT_PERMITTED.test(text) ? "interrupted" : "refused";
}

/** Whether the call itself was invalid: an unknown tool, or invalid arguments. */
export function isUsageError({ isError, text }: CallResult): boolean {
  return isError && /^<tool_use_error>/.test(text);
}

/** The text of an error without the tags around it. */
export function errorText(text: string): string {
  return text.replace(/^<tool_use_error>([\s\S]*)<\/tool_use_error>$/, "$1").trim();
}

/** The task id of a command that was moved to the background; null for any other. */
export function backgroundTask({ details }: CallResult): string | null {
  return details === null ? null : textField(details, "backgroundTaskId");
}

/** The path of the full output, when it was too large for the log. */
export function persistedPath({ details, text }: CallResult): string | null {
  const recorded = details === null ? null : textField(details, "persistedOutputPath");
  return (
    recorded ??
    /^(?:Exit code \d+\n)?<persisted-output>[\s\S]{0,200}?Full output saved to: ([^\n]+)/.exec(text)?.[1] ??
    null
  );
}

/** The output of a command, as far as the log has it. */
export function printedText(result: CallResult): string {
  const { details, isError, text } = result;
  // Older versions record no status, and only the word `Error` for a failure without output.
  if (isError) return text === "Error" ? "" : errorText(text.replace(/^(?:Error: )?Exit code \d+(?:\n|$)/, ""));
  if (details !== null && details.isImage === true) return "";
  const [stdout, stderr] = [details && textField(details, "stdout"), details && textField(details, "stderr")];
  if (stdout !== null) return stderr ? `${stdout}\n${stderr}` : stdout;
  return /^\((?:Bash completed with )?no output\)$/i.test(text) ? "" : text;
}

/** Whether a success had status 1, like a `grep` that found nothing. */
export function isNegativeAnswer({ details }: CallResult): boolean {
  return details !== null && (textField(details, "returnCodeInterpretation") ?? "") !== "";
}

/** The duration of a call in milliseconds, where the log has it. */
export function durationOf({ details }: CallResult): number | null {
  return details === null ? null : numberField(details, "durationMs");
}
