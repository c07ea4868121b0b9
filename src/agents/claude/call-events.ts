// The event of a call, with or without a result.
import type { CommandEvent, EditEvent, ObservedChange, Outcome, SessionEvent } from "../../events/event.ts";
import { asTexts, type Fields, fieldsField, fieldsListField, textField } from "../fields.ts";
import { changesOf, isEditor } from "./edits.ts";
import {
  type CallResult,
  durationOf,
  errorText,
  exitCodeOf,
  isNegativeAnswer,
  isUsageError,
  outcomeOf,
  printedText,
} from "./outputs.ts";

/** A call of a tool by the model. */
export interface ToolCall {
  id: string;
  name: string;
  input: Fields;
  offset: number;
  at: string | null;
  turn: string | null;
  agent: string | null;
  /** The directory of the shell when the call was made. */
  cwd: string | null;
}

const SHELLS = new Set(["Bash", "PowerShell"]);

export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** The event of a call that has a result. `printed`: the output of a command, when the log does not hold all of it. */
export function callEvent(call: ToolCall, result: CallResult, printed: string | null): SessionEvent {
  if (isShell(call.name)) return commandEvent(call, result, printed);
  const outcome = outcomeOf(result);
  if (isEditor(call.name)) return editEvent(call, result.at, outcome, result);
  const query = call.name === "WebSearch" ? textField(call.input, "query") : null;
  if (query !== null && outcome === "ok") return { kind: "search", ...baseOf(call, result.at), query };
  const { images } = result;
  return {
    kind: "tool",
    ...baseOf(call, result.at),
    id: call.id,
    name: call.name,
    input: call.input,
    outcome,
    output: outcome === "ok" ? result.text : errorText(result.text),
    ...(images.length > 0 && { images }),
  };
}

/** The event of a call that gets no result. */
export function unansweredEvent(call: ToolCall, at: string | null, outcome: Outcome): SessionEvent {
  if (isShell(call.name)) return { ...startedCommand(call, at), outcome };
  if (isEditor(call.name)) return editEvent(call, at, outcome, null);
  const { id, name, input } = call;
  return { kind: "tool", ...baseOf(call, at), id, name, input, outcome, output: "" };
}

/** The event of a command that was started, before anything is known about its end. */
export function startedCommand(call: ToolCall, at: string | null): CommandEvent {
  return {
    kind: "command",
    ...baseOf(call, at),
    id: call.id,
    command: textField(call.input, "command") ?? "",
    cwd: call.cwd,
    outcome: "unknown",
    exitCode: null,
    output: "",
    startedAt: call.at,
    durationMs: null,
  };
}

function commandEvent(call: ToolCall, result: CallResult, printed: string | null): CommandEvent {
  // Whether Claude Code rejected the call before the command ran.
  const outcome = isUsageError(result) ? "refused" : outcomeOf(result);
  const seen = seenChanges(result);
  return {
    ...startedCommand(call, result.at),
    outcome,
    // Only failures record their status. A success has 0, or 1 where that means "no".
    exitCode: outcome === "ok" ? (isNegativeAnswer(result) ? 1 : 0) : exitCodeOf(result),
    // In place of the output, the text is a message to the model.
    output: outcome === "interrupted" && result.denial !== null ? "" : (printed ?? printedText(result)),
    durationMs: durationOf(result),
    ...(seen.length > 0 && { observedChanges: seen }),
  };
}

function editEvent(call: ToolCall, at: string | null, outcome: Outcome, result: CallResult | null): EditEvent {
  const isBad = outcome === "failed" || outcome === "refused";
  return {
    kind: "edit",
    ...baseOf(call, at),
    id: call.id,
    cwd: call.cwd,
    outcome,
    changes: changesOf(call.name, call.input, result),
    error: isBad && result !== null ? errorText(result.text) || null : null,
  };
}

/** The files that changed during a command: Claude Code compares the repository before and after. */
function seenChanges({ details }: CallResult): ObservedChange[] {
  const diff = fieldsField(details ?? {}, "bashEditDiff");
  if (diff === null) return [];
  const seen = new Map<string, ObservedChange>();
  for (const path of asTexts(diff.changedFiles) ?? []) seen.set(path, { path, how: "unknown" });
  for (const file of fieldsListField(diff, "files")) {
    const path = textField(file, "filePath");
    if (path === null) continue;
    seen.set(path, { path, how: file.created === true ? "created" : file.deleted === true ? "deleted" : "changed" });
  }
  return [...seen.values()];
}

function baseOf({ offset, turn, agent }: ToolCall, at: string | null) {
  return { at, offset, turn, agent };
}
