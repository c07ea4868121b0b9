// What the calls of a code-mode script did, from its source and its output, where no `item_completed` reports it.
import type { SessionEvent } from "../../events/event.ts";
import { parseJson } from "../../system/json.ts";
import { asFields } from "../fields.ts";
import { type CallOutput, isRefusal, NO_OUTPUT, patchOutcome, readStructured } from "./outputs.ts";
import { type ScriptCall, scriptCalls } from "./script-calls.ts";
import { parseTool, type ToolCall } from "./tool-calls.ts";

export type ScriptStatus = "completed" | "failed" | "terminated";

const STATUS = /^Script (completed|failed|terminated|running with cell ID (\S+))/;
const SCRIPT_ERROR = /^Script error:\n/;

export type ScriptProgress = { status: ScriptStatus } | { status: "running"; cell: string };

/** The progress of a script, from the first part of its output; null when that is a notification the script sent. */
export function scriptProgress(texts: readonly string[]): ScriptProgress | null {
  const [, status, cell] = STATUS.exec(texts[0] ?? "") ?? [];
  if (cell !== undefined) return { status: "running", cell };
  return status === "completed" || status === "failed" || status === "terminated" ? { status } : null;
}

/** Whether a script's output contains the error that ended it. */
export function hasScriptError(texts: readonly string[]): boolean {
  return texts.some((text) => SCRIPT_ERROR.test(text));
}

type StepCall = Extract<ToolCall, { kind: "command" | "patch" | "stdin" }>;

/** One call of a script and its result. */
export interface Step {
  call: StepCall;
  output: CallOutput;
}

/** Pairs the calls of a script with the results it printed. `isComplete` is false when a call was not understood. */
export function scriptSteps(
  source: string,
  cwd: string | null,
  texts: readonly string[],
  status: ScriptStatus,
): { steps: Step[]; isComplete: boolean } {
  const written = scriptCalls(source);
  const calls = written.flatMap((call) => parseCall(call, cwd) ?? []);
  const isComplete = calls.length === written.length;
  const results = texts.flatMap(resultsIn);
  const reporting: StepCall[] = calls.filter((call) => call.kind !== "patch");
  // Results have no ids. Their order is only known when each call has one, or each call before the script ended.
  const isPaired =
    isComplete &&
    (results.length === reporting.length || (status !== "completed" && results.length < reporting.length));
  const own = new Map(isPaired ? results.map((result, index) => [reporting[index], result]) : []);
  const error = texts.find((text) => SCRIPT_ERROR.test(text))?.replace(SCRIPT_ERROR, "") ?? null;
  const failed = error === null ? null : failedCall(calls, own, error);
  // Calls after the one that failed never ran.
  const tried = failed === null ? calls : calls.slice(0, failed + 1);
  const text = error ?? (written.length === 1 ? texts.join("\n") : "");
  const steps = tried.map((call, index) => {
    const place = failed === null ? null : index < failed ? "before" : "at";
    return { call, output: own.get(call) ?? outputOf(call, status, place, text) };
  });
  return { steps, isComplete };
}

const TOOL_OF = { command: "exec_command", stdin: "write_stdin", patch: "apply_patch" } as const;

function parseCall(call: ScriptCall, cwd: string | null): StepCall | null {
  const patch = call.text ?? call.fields?.input ?? call.fields?.patch;
  if (call.tool === "apply_patch") return typeof patch === "string" ? { kind: "patch", patch, cwd } : null;
  const parsed = call.fields === null ? null : parseTool(call.tool, call.fields, cwd);
  return parsed?.kind === "command" || parsed?.kind === "stdin" ? parsed : null;
}

/** The index of the call a script failed at; null when its error does not say. */
function failedCall(
  calls: readonly StepCall[],
  own: ReadonlyMap<StepCall | undefined, CallOutput>,
  error: string,
): number | null {
  const tool = /^(exec_command|write_stdin|apply_patch)\b/.exec(error)?.[1];
  const open = calls.flatMap((call, index) => (TOOL_OF[call.kind] === tool && !own.has(call) ? [index] : []));
  const quoted = withoutQuotes(error);
  // The message of a refusal quotes the refused command.
  const named = open.find((index) => {
    const call = calls[index];
    return call?.kind === "command" && quoted.includes(withoutQuotes(call.command));
  });
  return named ?? (open.length === 1 || own.size > 0 ? (open[0] ?? null) : null);
}

/** An error may contain the command with nested quotes, so the error and the command are compared without quotes and backslashes. */
function withoutQuotes(text: string): string {
  return text.replace(/[\\"'`]/g, "");
}

/** The output of a call that printed no result; `place` is its place relative to the call that failed. */
function outputOf(call: StepCall, status: ScriptStatus, place: "before" | "at" | null, text: string): CallOutput {
  if (place === "at") return { ...NO_OUTPUT, text, refused: isRefusal(text.split("\n", 1)[0] ?? "") };
  // A patch that does not apply throws an error, so the patch applied if the script continued.
  if (call.kind === "patch" && (status === "completed" || place === "before")) return { ...NO_OUTPUT, exitCode: 0 };
  if (status === "terminated") return { ...NO_OUTPUT, interrupted: true };
  return status === "completed" ? { ...NO_OUTPUT, text } : NO_OUTPUT;
}

/** The results of commands in a part of the output, which is one result or a list of results. */
function resultsIn(text: string): CallOutput[] {
  if (!/^[[{]/.test(text)) return [];
  const value = parseJson(text);
  return (Array.isArray(value) ? value : [value]).flatMap((item) => readStructured(asFields(item) ?? {}) ?? []);
}

/** What items have reported since a script was called. */
export class ReportedItems {
  readonly #commands: string[] = [];
  #edits = 0;
  #failedEdits = 0;
  #others = 0;

  add(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.kind === "command") this.#commands.push(event.command);
      else if (event.kind === "edit") {
        this.#edits += 1;
        if (event.outcome !== "ok") this.#failedEdits += 1;
      } else this.#others += 1;
    }
  }

  get isEmpty(): boolean {
    return this.#commands.length + this.#edits + this.#others === 0;
  }

  /**
   * Whether a step needs no event: an item reported it, or an item would have reported it, because this turn has items
   * (`hasItems`).
   */
  covers({ call, output }: Step, hasItems: boolean): boolean {
    if (call.kind === "patch") {
      const outcome = patchOutcome(output);
      // Codex writes no item for a patch that does not apply.
      const isUnreported = this.#failedEdits === 0 && (outcome === "failed" || outcome === "refused");
      return hasItems ? !isUnreported : this.#edits > 0;
    }
    if (!hasItems && this.#commands.length === 0) return false;
    return call.kind !== "command" || !output.refused || this.#commands.includes(call.command);
  }
}
