// From a call and what came of it to events.
import type { CommandEvent, EditEvent, ObservedChange, Outcome, SessionEvent } from "../../events/event.ts";
import { asTexts, type Fields, fieldsField, fieldsListField, textField } from "../fields.ts";
import { changesOf, isEditor } from "./edits.ts";
import {
  type CallResult,
  durationOf,
  errorText,
  exitCodeOf,
  isUsageError,
  outcomeOf,
  printedText,
  saidNo,
} from "./outputs.ts";

/** A call of the model that has no result yet. */
export interface OpenCall {
  id: string;
  name: string;
  input: Fields;
  offset: number;
  at: string | null;
  turn: string | null;
  agent: string | null;
  /** Where the shell was when the call was made. */
  cwd: string | null;
}

const SHELLS = new Set(["Bash", "PowerShell"]);

export function isShell(name: string): boolean {
  return SHELLS.has(name);
}

/** The event of a call that has a result. `printed`: what a command printed, where the log does not hold all of it. */
export function eventOf(call: OpenCall, result: CallResult, printed: string | null): SessionEvent {
  if (isShell(call.name)) return commandEvent(call, result, printed);
  const outcome = outcomeOf(result);
  if (isEditor(call.name)) return editEvent(call, result.at, outcome, result);
  const query = call.name === "WebSearch" ? textField(call.input, "query") : null;
  if (query !== null && outcome === "ok") return { kind: "search", ...placeOf(call, result.at), query };
  const { images } = result;
  return {
    kind: "tool",
    ...placeOf(call, result.at),
    id: call.id,
    name: call.name,
    input: call.input,
    outcome,
    output: outcome === "ok" ? result.text : errorText(result.text),
    ...(images.length > 0 && { images }),
  };
}

/** The event of a call that will have no result. */
export function unanswered(call: OpenCall, at: string | null, outcome: Outcome): SessionEvent {
  if (isShell(call.name)) return { ...commandOf(call, at), outcome };
  if (isEditor(call.name)) return editEvent(call, at, outcome, null);
  const { id, name, input } = call;
  return { kind: "tool", ...placeOf(call, at), id, name, input, outcome, output: "" };
}

/** A command of which nothing is known but that it was begun. */
export function commandOf(call: OpenCall, at: string | null): CommandEvent {
  return {
    kind: "command",
    ...placeOf(call, at),
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

function commandEvent(call: OpenCall, result: CallResult, printed: string | null): CommandEvent {
  // A command that Claude Code turned down for its form never ran.
  const outcome = isUsageError(result) ? "refused" : outcomeOf(result);
  const seen = seenChanges(result);
  return {
    ...commandOf(call, result.at),
    outcome,
    // Only failures tell their status: what is reported as a success has 0, or 1 where that is an answer.
    exitCode: outcome === "ok" ? (saidNo(result) ? 1 : 0) : exitCodeOf(result),
    // What stands for a stopped command's output are words to the model.
    output: outcome === "interrupted" && result.denial !== null ? "" : (printed ?? printedText(result)),
    durationMs: durationOf(result),
    ...(seen.length > 0 && { observedChanges: seen }),
  };
}

function editEvent(call: OpenCall, at: string | null, outcome: Outcome, result: CallResult | null): EditEvent {
  const isBad = outcome === "failed" || outcome === "refused";
  return {
    kind: "edit",
    ...placeOf(call, at),
    id: call.id,
    cwd: call.cwd,
    outcome,
    changes: changesOf(call.name, call.input, result),
    error: isBad && result !== null ? errorText(result.text) || null : null,
  };
}

/** What Claude Code found changed after a command: it compares the repository before and after. */
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

function placeOf({ offset, turn, agent }: OpenCall, at: string | null) {
  return { at, offset, turn, agent };
}
