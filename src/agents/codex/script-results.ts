// What a code-mode script did, from its source and its output, for logs that hold no `item_completed`.
import { parseJson } from "../../system/json.ts";
import { asFields } from "../fields.ts";
import { NO_OUTPUT } from "./call-events.ts";
import { type CallOutput, isRefusal, readStructured } from "./outputs.ts";
import { type ScriptCall, scriptCalls } from "./script-calls.ts";
import { type Intent, intentOfTool } from "./tool-calls.ts";

export type ScriptStatus = "completed" | "failed" | "terminated";

const STATUS = /^Script (completed|failed|terminated|running with cell ID (\S+))/;
const SCRIPT_ERROR = /^Script error:\n/;

export type ScriptProgress = { status: ScriptStatus } | { status: "running"; cell: string };

/** How far a script got, from the first part of its output; null when that is a notification the script sent. */
export function scriptProgress(texts: readonly string[]): ScriptProgress | null {
  const [, status, cell] = STATUS.exec(texts[0] ?? "") ?? [];
  if (cell !== undefined) return { status: "running", cell };
  return status === "completed" || status === "failed" || status === "terminated" ? { status } : null;
}

/** Whether a script's output holds the error it ended with. */
export function reportsError(texts: readonly string[]): boolean {
  return texts.some((text) => SCRIPT_ERROR.test(text));
}

/** A step of a script: what it asked for and what came of it. */
export interface Step {
  intent: Extract<Intent, { kind: "command" | "patch" | "stdin" }>;
  output: CallOutput;
}

/** What the script's calls came to, and the error it ended with. Steps not understood are left out. */
export interface ScriptAccount {
  steps: Step[];
  /** Whether every call of the script was understood. */
  complete: boolean;
  error: string | null;
}

/** Pairs the calls of a script with the results it printed. */
export function accountForScript(
  source: string,
  cwd: string | null,
  texts: readonly string[],
  status: ScriptStatus,
): ScriptAccount {
  const calls = scriptCalls(source);
  const error = texts.find((text) => SCRIPT_ERROR.test(text))?.replace(SCRIPT_ERROR, "") ?? null;
  const intents = calls.flatMap((call) => intentOf(call, cwd) ?? []);
  const complete = intents.length === calls.length;
  const results = texts.flatMap(resultsIn);
  const reporting: Step["intent"][] = intents.filter((intent) => intent.kind !== "patch");
  // Only where the order tells which result is whose: one each, or one for each call until the script ended.
  const all = results.length === reporting.length;
  const paired = complete && (all || (status !== "completed" && results.length < reporting.length));
  const own = new Map(paired ? results.map((result, index) => [reporting[index], result]) : []);
  const failed = error === null ? null : failedCall(intents, own, error);
  // What stands after the call the script failed at was never tried.
  const tried = failed === null ? intents : intents.slice(0, failed + 1);
  const steps = tried.map((intent, index) => {
    const place = failed === null ? null : index < failed ? "before" : "at";
    const text = calls.length === 1 ? texts.join("\n") : "";
    return { intent, output: own.get(intent) ?? outputOf(intent, status, place, error ?? text) };
  });
  return { steps, complete, error };
}

const TOOL_OF = { command: "exec_command", stdin: "write_stdin", patch: "apply_patch" } as const;

function intentOf(call: ScriptCall, cwd: string | null): Step["intent"] | null {
  const patch = call.text ?? call.fields?.input ?? call.fields?.patch;
  if (call.tool === "apply_patch") return typeof patch === "string" ? { kind: "patch", patch, cwd } : null;
  const intent = call.fields === null ? null : intentOfTool(call.tool, call.fields, cwd);
  return intent?.kind === "command" || intent?.kind === "stdin" ? intent : null;
}

/** Which call a script failed at, where its error tells; null where it does not. */
function failedCall(
  intents: readonly Step["intent"][],
  own: ReadonlyMap<Step["intent"] | undefined, CallOutput>,
  error: string,
): number | null {
  const tool = /^(exec_command|write_stdin|apply_patch)\b/.exec(error)?.[1];
  const open = intents.flatMap((intent, index) => (TOOL_OF[intent.kind] === tool && !own.has(intent) ? [index] : []));
  const quoted = bare(error);
  // A refusal quotes the command it refuses.
  const named = open.find((index) => {
    const intent = intents[index];
    return intent?.kind === "command" && quoted.includes(bare(intent.command));
  });
  return named ?? (open.length === 1 || own.size > 0 ? (open[0] ?? null) : null);
}

/** A text without its quotes and backslashes: errors quote commands several times over. */
function bare(text: string): string {
  return text.replace(/[\\"'`]/g, "");
}

/** What is known of a call that printed no result of its own; `place` is where it stands to the call that failed. */
function outputOf(
  intent: Step["intent"],
  status: ScriptStatus,
  place: "before" | "at" | null,
  text: string,
): CallOutput {
  if (place === "at") return { ...NO_OUTPUT, text, refused: isRefusal(text.split("\n", 1)[0] ?? "") };
  // A patch that does not apply throws: it applied if the script came further.
  if (intent.kind === "patch" && (status === "completed" || place === "before")) return { ...NO_OUTPUT, exitCode: 0 };
  if (status === "terminated") return { ...NO_OUTPUT, interrupted: true };
  return status === "completed" ? { ...NO_OUTPUT, text } : NO_OUTPUT;
}

/** The results of commands a part of the output holds: one, or a list of them. */
function resultsIn(text: string): CallOutput[] {
  if (!/^[[{]/.test(text)) return [];
  const value = parseJson(text);
  return (Array.isArray(value) ? value : [value]).flatMap((item) => readStructured(asFields(item) ?? {}) ?? []);
}
