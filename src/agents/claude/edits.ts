// The file changes of Claude Code's editing tools: a file written, a text replaced, a notebook cell replaced.
import type { FileChange } from "../../events/event.ts";
import { type Fields, fieldsListField, listField, numberField, textField } from "../fields.ts";
import type { CallResult } from "./outputs.ts";

const EDITORS = new Set(["Write", "Edit", "MultiEdit", "NotebookEdit"]);

export function isEditor(name: string): boolean {
  return EDITORS.has(name);
}

/** The change a call made, or would have made; empty when it names no file. */
export function changesOf(name: string, input: Fields, result: CallResult | null): FileChange[] {
  const details = result?.details ?? null;
  const path = textField(input, "file_path") ?? textField(input, "notebook_path");
  if (path === null) return [];
  const isNew = name === "Write" ? wasCreated(result) : createsByReplacing(details, input);
  const diff = isNew ? wholeText(name, input) : (patchOf(details) ?? replacedText(name, input, details));
  return [{ type: isNew ? "add" : "update", path, movedTo: null, diff }];
}

/** Records of subagents have no details, so the message to the model tells whether the file is new. */
function wasCreated(result: CallResult | null): boolean {
  const type = result?.details ? textField(result.details, "type") : null;
  return type === null ? /^File created successfully/.test(result?.text ?? "") : type === "create";
}

/** Replacing an empty text in a missing file creates the file. */
function createsByReplacing(details: Fields | null, input: Fields): boolean {
  return details !== null && details.originalFile === null && textField(input, "old_string") === "";
}

function wholeText(name: string, input: Fields): string | null {
  return textField(input, name === "Write" ? "content" : "new_string");
}

/** The hunks that Claude Code recorded, as a unified diff. */
function patchOf(details: Fields | null): string | null {
  const hunks = fieldsListField(details ?? {}, "structured_patch");
  if (hunks.length === 0) return null;
  return hunks
    .map((hunk) => {
      const [old, oldLines, now, nowLines] = ["oldStart", "oldLines", "newStart", "newLines"].map(
        (name) => numberField(hunk, name) ?? 0,
      );
      const lines = listField(hunk, "lines").filter((line) => typeof line === "string");
      return `@@ -${old},${oldLines} +${now},${nowLines} @@\n${lines.map((line) => `${line}\n`).join("")}`;
    })
    .join("");
}

/** The diff when no hunks were recorded: the text to replace, and its replacement. */
function replacedText(name: string, input: Fields, details: Fields | null): string | null {
  if (name === "Write") return null;
  // Only the result has the earlier text of a notebook cell.
  const cell = name === "NotebookEdit" ? { ...input, ...details } : input;
  const edits = name === "MultiEdit" ? fieldsListField(input, "edits") : [cell];
  const [from, to] = name === "NotebookEdit" ? ["old_source", "new_source"] : ["old_string", "new_string"];
  const texts = edits.flatMap((edit) => {
    const [before, after] = [textField(edit, from) ?? "", textField(edit, to) ?? ""];
    return before === "" && after === "" ? [] : `@@\n${marked("-", before)}${marked("+", after)}`;
  });
  return texts.length === 0 ? null : texts.join("");
}

function marked(mark: string, text: string): string {
  if (text === "") return "";
  return text
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => `${mark}${line}\n`)
    .join("");
}
