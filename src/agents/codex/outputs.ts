// Reads the output of a call. Its wording changed with the versions of Codex; logs of all versions are still in use.

import type { Outcome } from "../../events/event.ts";
import { parseJson } from "../../system/json.ts";
import { asFields, type Fields, fieldsField, numberField, textField } from "../fields.ts";

export interface CallOutput {
  /** What the program printed, without the text that Codex added. */
  text: string;
  exitCode: number | null;
  durationMs: number | null;
  /** The number by which `write_stdin` addresses a command that is still running; null for any other. */
  session: string | null;
  /** Whether the call was refused, and never ran. */
  refused: boolean;
  interrupted: boolean;
}

export const NO_OUTPUT: CallOutput = {
  text: "",
  exitCode: null,
  durationMs: null,
  session: null,
  refused: false,
  interrupted: false,
};

const HEADER =
  /^(?:(?:Chunk ID|Wall time|Process exited with code|Process running with session ID|Original token count|Exit code|Total output lines|Warning|Command)\b[^\n]*\n)+(?:Final output|Live output|Output):(?:\n|$)/;

/**
 * The message of a call that was refused before anything ran. An output is only compared with it when there is no exit
 * code, so that the output of a program is never mistaken for a refusal.
 */
const REFUSED =
  /^(?:exec_command failed|failed to parse function arguments|unsupported call|(?:exec command|patch|shell command|command) rejected|rejected\b|execution error: (?:Io|Spawn)|approval policy is )|\brejected by user\b|\bblocked by policy\b|\breject command\b/i;

const INTERRUPTED = /^(?:Wall time:? [\d.]+ seconds\n)?aborted(?: by user(?: after [\d.]+s)?)?\s*$/i;

/** The text of an output: a string, a list of text and image parts, or an object with either. */
export function outputText(output: unknown): string {
  return outputTexts(output).join("\n");
}

/** The text parts of an output. */
export function outputTexts(output: unknown): string[] {
  if (typeof output === "string") return [output];
  if (Array.isArray(output)) return output.flatMap((part) => textField(asFields(part) ?? {}, "text") ?? []);
  const fields = asFields(output);
  return fields === null ? [] : outputTexts(fields.content ?? fields.content_items ?? fields.text);
}

/** Reads the output of a command or a patch. */
export function readOutput(output: unknown): CallOutput {
  const text = outputText(output);
  const fields = text.startsWith("{") ? asFields(parseJson(text)) : null;
  const structured = fields === null ? null : readStructured(fields);
  if (structured !== null) return structured;
  const header = HEADER.exec(text)?.[0];
  if (header === undefined) return readMessage(text);
  const number = (pattern: RegExp) => {
    const digits = pattern.exec(header)?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const seconds = number(/^Wall time:? ([\d.]+)/m);
  return {
    ...NO_OUTPUT,
    text: text.slice(header.length),
    exitCode: number(/^(?:Exit code:|Process exited with code) (-?\d+)/m),
    durationMs: seconds === null ? null : Math.round(seconds * 1000),
    session: /^Process running with session ID (\S+)/m.exec(header)?.[1] ?? null,
  };
}

/** Reads a JSON result: `{output, metadata}` in the oldest versions, `{output, exit_code, session_id}` in code mode. */
export function readStructured(fields: Fields): CallOutput | null {
  const text = textField(fields, "output") ?? textField(fields, "stdout");
  const metadata = fieldsField(fields, "metadata") ?? fields;
  const exitCode = numberField(metadata, "exit_code");
  const session = fields.session_id;
  if (text === null || (exitCode === null && session === undefined && metadata === fields && !("chunk_id" in fields))) {
    return null;
  }
  const seconds = numberField(metadata, "duration_seconds") ?? numberField(fields, "wall_time_seconds");
  return {
    ...NO_OUTPUT,
    text,
    exitCode,
    durationMs: seconds === null ? null : Math.round(seconds * 1000),
    session: exitCode === null && (typeof session === "number" || typeof session === "string") ? String(session) : null,
  };
}

/** Whether a message says that a call was refused before anything ran. */
export function isRefusal(message: string): boolean {
  return REFUSED.test(message);
}

/** How a command ended. */
export function commandOutcome(output: CallOutput): Outcome {
  if (output.refused) return "refused";
  if (output.interrupted) return "interrupted";
  if (output.exitCode !== null) return output.exitCode === 0 ? "ok" : "failed";
  return output.session === null ? "unknown" : "running";
}

/** How a patch ended. Its own message takes precedence over the exit code of the shell that ran it. */
export function patchOutcome(output: CallOutput): Outcome {
  if (output.refused) return "refused";
  if (output.interrupted) return "interrupted";
  if (/^Success\. Updated the following files/m.test(output.text)) return "ok";
  if (output.exitCode !== null) return output.exitCode === 0 ? "ok" : "failed";
  return output.text.trim() === "" ? "unknown" : "failed";
}

function readMessage(text: string): CallOutput {
  const interrupted = INTERRUPTED.test(text);
  // Only the first line: the error of a patch quotes the file that it does not apply to.
  const refused = !interrupted && isRefusal(text.trimStart().split("\n", 1)[0] ?? "");
  return { ...NO_OUTPUT, text, refused, interrupted };
}
