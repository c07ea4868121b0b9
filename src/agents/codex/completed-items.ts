// `item_completed` and the older `…_end` events: Codex's own report of what ran, as opposed to the model's call.
import type { FileChange, Outcome, SessionEvent } from "../../events/event.ts";
import { asFields, asTexts, type Fields, field, fieldsField, listField, numberField, textField } from "../fields.ts";
import { commandEvents, editEvent, type Origin, toolEvent } from "./call-events.ts";
import { type CallOutput, isRefusal, NO_OUTPUT, outputText } from "./outputs.ts";
import { decodePath, shellSource } from "./shell-source.ts";

/** When and where an item was completed. */
export interface Completion {
  at: string | null;
  offset: number;
  turn: string | null;
  startedAt: string | null;
  cwd: string | null;
  /** Whether its turn had been stopped before the item was completed. */
  isStopped: boolean;
}

/** The completion in the payload of an event, in the parser's current state. */
export function completionOf(
  payload: Fields,
  { at, offset }: { at: string | null; offset: number },
  { turn, cwd, stopped }: { turn: string | null; cwd: string | null; stopped: string | null },
): Completion {
  const started = numberField(payload, "started_at_ms");
  const startedAt = started === null || Math.abs(started) > 8.64e15 ? at : new Date(started).toISOString();
  const own = textField(payload, "turn_id") || turn;
  return { at, offset, turn: own, startedAt, cwd, isStopped: own !== null && own === stopped };
}

/** The exit status of a command that Codex killed: 128 plus the number of SIGKILL. */
const KILLED = 137;

/**
 * The functions that read an item about a call, by the type of the item (lowercase, without underscores) or of the
 * older event.
 */
const CALLS = new Map<string, (item: Fields, completion: Completion) => SessionEvent[]>([
  ["commandexecution", commandItem],
  ["exec_command_end", commandItem],
  ["filechange", editItem],
  ["patch_apply_end", editItem],
  ["mcptoolcall", toolItem],
  ["mcp_tool_call_end", toolItem],
  ["dynamictoolcall", toolItem],
  ["collabagenttoolcall", toolItem],
  ["imageview", toolItem],
  ["imagegeneration", toolItem],
]);

const IGNORED = new Set(
  "hookprompt contextcompaction sleep subagentactivity enteredreviewmode exitedreviewmode".split(" "),
);

/** The events of an item about a call; null when the item is about something else. */
export function callItemEvents(type: string, item: Fields, completion: Completion): SessionEvent[] | null {
  return CALLS.get(type)?.(item, completion) ?? null;
}

/** Whether an item only repeats other records. */
export function isIgnoredItem(type: string): boolean {
  return IGNORED.has(type);
}

function commandItem(item: Fields, completion: Completion): SessionEvent[] {
  // The item reports input to a running command: the item of the command itself follows.
  if (/interaction$/i.test(textField(item, "source") ?? "")) return [];
  const command = field(item, "command");
  const argv = asTexts(command);
  const source = argv === null ? (typeof command === "string" ? command : "") : shellSource(argv);
  const status = numberField(item, "exit_code");
  const text = textField(item, "aggregated_output") || textField(item, "stdout") || textField(item, "stderr") || "";
  // -1: the command was declined, never started, or killed.
  const hasNotExited = status === -1 || (completion.isStopped && status === KILLED);
  const exitCode = hasNotExited ? null : status;
  const reported = itemOutcome(item);
  const ended = exitCode === null ? "unknown" : exitCode === 0 ? "ok" : "failed";
  const implied = hasNotExited ? (isRefusal(text) ? "refused" : "interrupted") : (reported ?? ended);
  const outcome = reported === "refused" ? reported : implied;
  const output: CallOutput = { ...NO_OUTPUT, text, exitCode, durationMs: durationOf(field(item, "duration")) };
  const cwd = decodePath(textField(item, "cwd")) ?? completion.cwd;
  return commandEvents(originOf(item, completion), source, cwd, { at: completion.at, output, outcome });
}

function editItem(item: Fields, completion: Completion): SessionEvent[] {
  const text = textField(item, "stderr") || textField(item, "stdout") || "";
  const outcome = itemOutcome(item) ?? (item.success === false ? "failed" : "ok");
  const changes = Object.entries(fieldsField(item, "changes") ?? {}).map(([path, change]) => changeOf(path, change));
  const ended = { at: completion.at, output: { ...NO_OUTPUT, text }, outcome };
  return [editEvent(originOf(item, completion), changes, completion.cwd, ended)];
}

/** A call to an MCP server, or to a tool of the program that embeds Codex. */
function toolItem(item: Fields, completion: Completion): SessionEvent[] {
  const invocation = fieldsField(item, "invocation") ?? item;
  const server = textField(invocation, "server");
  const tool = textField(invocation, "tool") ?? textField(item, "type") ?? "unknown";
  const result = fieldsField(item, "result");
  const error = fieldsField(item, "error") ?? fieldsField(result ?? {}, "Err");
  const errorText = textField(item, "error") ?? (result === null ? null : textField(result, "Err"));
  const content = fieldsField(result ?? {}, "Ok") ?? result;
  const hasFailed = error !== null || errorText !== null || content?.isError === true || item.success === false;
  const outcome = hasFailed ? "failed" : (itemOutcome(item) ?? (result === null ? "unknown" : "ok"));
  const text =
    errorText ?? (error && textField(error, "message")) ?? outputText(content ?? listField(item, "content_items"));
  const name = server === null ? tool : `mcp__${server}__${tool}`;
  const ended = { at: completion.at, output: { ...NO_OUTPUT, text }, outcome } as const;
  return [toolEvent(originOf(item, completion), name, invocation.arguments ?? {}, ended)];
}

/** The id that a call and its item share. */
export function itemId(item: Fields): string | null {
  return textField(item, "call_id") ?? textField(item, "id");
}

/** The query of a web search. */
export function queryOf(payload: Fields): string {
  const action = fieldsField(payload, "action") ?? {};
  const queries = asTexts(action.queries) ?? [];
  return (
    textField(payload, "query") || textField(action, "query") || queries.join(", ") || (textField(action, "url") ?? "")
  );
}

function originOf(item: Fields, completion: Completion): Origin {
  return { ...completion, id: itemId(item) ?? `item-${completion.offset}` };
}

function itemOutcome(item: Fields): Outcome | null {
  const status = textField(item, "status")?.toLowerCase().replace("_", "");
  if (status === "completed") return "ok";
  if (status === "failed") return "failed";
  if (status === "declined") return "refused";
  return status === "inprogress" ? "running" : null;
}

function changeOf(path: string, change: unknown): FileChange {
  const fields = asFields(change) ?? {};
  const type = textField(fields, "type");
  const diff = type === "update" ? textField(fields, "unified_diff") : textField(fields, "content");
  return {
    type: type === "add" || type === "delete" ? type : "update",
    path: decodePath(path) ?? path,
    movedTo: decodePath(textField(fields, "move_path")),
    diff: type === "delete" ? null : diff,
  };
}

/** A duration as Rust serializes it, `{secs, nanos}`, in milliseconds. */
function durationOf(duration: unknown): number | null {
  const fields = asFields(duration);
  const secs = fields === null ? null : numberField(fields, "secs");
  return fields === null || secs === null ? null : Math.round(secs * 1000 + (numberField(fields, "nanos") ?? 0) / 1e6);
}
