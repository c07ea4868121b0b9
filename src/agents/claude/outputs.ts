// What the results of calls tell: a block of the answer to the model, and what Claude Code noted beside it.
import type { ImageRef, Outcome } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, numberField, textField } from "../fields.ts";
import type { ClaudeLine } from "./record.ts";

export interface CallResult {
  id: string;
  at: string | null;
  text: string;
  images: ImageRef[];
  isError: boolean;
  /** What Claude Code noted of a success; null for an error, and everywhere in a subagent's log. */
  details: Fields | null;
  /** Why the call was not let through, where the log says. */
  denial: { kind: string; beforeRun: boolean } | null;
}

/** Words of a call that was stopped or never let through. They only count in an error. */
const DENIED =
  /^(?:The user doesn['’]t want to (?:proceed|take this action)|\[Request interrupted by user|User rejected|(?:Pre|Post)ToolUse:\S* hook error|Permission to use|Claude requested permissions?|This command requires approval|This Bash command)|haven['’]t granted|needs? approval/;
/** A prompt for consent that nobody answered: the call waits no more, and never ran. */
const UNASKED = /requested permissions?|haven['’]t granted|(?:needs?|requires?) approval|Permission to use/;

/** The results in a line of the user. */
export function resultsOf({ at, fields }: ClaudeLine): CallResult[] {
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

/** The exit status of a command that failed: the first line of its result. */
export function exitCodeOf({ isError, text }: CallResult): number | null {
  const digits = isError ? /^(?:Error: )?Exit code (\d{1,9})\b/.exec(text)?.[1] : undefined;
  return digits === undefined ? null : Number(digits);
}

/**
 * How a call ended. Esc during a command has the same words as a denial: only where the log knows denials by their
 * kind, one that is not told to have come before the run came during it.
 */
export function outcomeOf(result: CallResult): Outcome {
  const { isError, text, details, denial } = result;
  if (!isError) return details?.interrupted === true ? "interrupted" : "ok";
  if (/\[Request interrupted by user[^\]]*\]\s*$/.test(text)) return "interrupted";
  if (exitCodeOf(result) !== null) return "failed";
  if (/^(?:Error: )?Command timed out/.test(text)) return "interrupted";
  if (denial === null) return DENIED.test(text) ? "refused" : "failed";
  return denial.kind === "user-rejected" && !denial.beforeRun && !UNASKED.test(text) ? "interrupted" : "refused";
}

/** The call was wrong by itself: no such tool, arguments that do not fit. */
export function isUsageError({ isError, text }: CallResult): boolean {
  return isError && /^<tool_use_error>/.test(text);
}

/** An error without the tags around it. */
export function errorText(text: string): string {
  return text.replace(/^<tool_use_error>([\s\S]*)<\/tool_use_error>$/, "$1").trim();
}

/** The name a command in the background is known by; null for one that was waited for. */
export function backgroundTask({ details }: CallResult): string | null {
  return details === null ? null : textField(details, "backgroundTaskId");
}

/** Where the whole of an output is that was too large for the log. */
export function persistedPath({ details, text }: CallResult): string | null {
  const noted = details === null ? null : textField(details, "persistedOutputPath");
  return (
    noted ??
    /^(?:Exit code \d+\n)?<persisted-output>[\s\S]{0,200}?Full output saved to: ([^\n]+)/.exec(text)?.[1] ??
    null
  );
}

/** What a command printed, as far as the log itself has it. */
export function printedText(result: CallResult): string {
  const { details, isError, text } = result;
  // Older versions tell no status, and have one word for a failure without output.
  if (isError) return text === "Error" ? "" : errorText(text.replace(/^(?:Error: )?Exit code \d+(?:\n|$)/, ""));
  if (details !== null && details.isImage === true) return "";
  const [stdout, stderr] = [details && textField(details, "stdout"), details && textField(details, "stderr")];
  if (stdout !== null) return stderr ? `${stdout}\n${stderr}` : stdout;
  return /^\((?:Bash completed with )?no output\)$/i.test(text) ? "" : text;
}

/** `grep` that found nothing has status 1, and is reported as a success. */
export function saidNo({ details }: CallResult): boolean {
  return details !== null && (textField(details, "returnCodeInterpretation") ?? "") !== "";
}

/** How long a call took, where the log tells. */
export function durationOf({ details }: CallResult): number | null {
  return details === null ? null : numberField(details, "durationMs");
}
