// `item_completed` and the older `…_end` events: what really ran, told by Codex itself and not by the model's call.
import type { FileChange, Outcome, SessionEvent } from "../../events/event.ts";
import { asFields, asTexts, type Fields, field, fieldsField, listField, numberField, textField } from "../fields.ts";
import { commandEvents, editEvent, NO_OUTPUT, type Origin } from "./call-events.ts";
import { type CallOutput, isRefusal, outputText } from "./outputs.ts";
import { directoryOf, shellSource } from "./shell-source.ts";

/** When and where an item was completed. */
export interface Completion {
  at: string | null;
  offset: number;
  turn: string | null;
  startedAt: string | null;
  cwd: string | null;
  /** Whether its turn was stopped before that. */
  isStopped: boolean;
}

/** The exit status of a command that Codex killed: 128 and the number of the signal. */
const KILLED = 137;

/** Items that tell of nothing that other records do not. */
const SILENT = new Set(
  "hookprompt contextcompaction sleep subagentactivity enteredreviewmode exitedreviewmode".split(" "),
);

/** Whether an item tells nothing; its type in lower case, without underscores. */
export function isSilentItem(name: string): boolean {
  return SILENT.has(name);
}

/** The events of a `CommandExecution` item or an `exec_command_end` event. */
export function commandItem(item: Fields, completion: Completion): SessionEvent[] {
  // Talking to a running command is told again as the command itself.
  if (/interaction$/i.test(textField(item, "source") ?? "")) return [];
  const command = field(item, "command");
  const argv = asTexts(command);
  const source = argv === null ? (typeof command === "string" ? command : "") : shellSource(argv);
  const exitCode = numberField(item, "exit_code");
  const text = textField(item, "aggregated_output") || textField(item, "stdout") || textField(item, "stderr") || "";
  // -1 stands where nothing exited: the command was declined, never started, or killed.
  const hasNotExited = exitCode === -1 || (completion.isStopped && exitCode === KILLED);
  const exited = hasNotExited ? null : exitCode;
  const killed: Outcome | null = !hasNotExited ? null : isRefusal(text) ? "refused" : "interrupted";
  const status = itemOutcome(item);
  const ended: Outcome = exited === null ? "unknown" : exited === 0 ? "ok" : "failed";
  const outcome = status === "refused" ? status : (killed ?? status ?? ended);
  const output: CallOutput = { ...NO_OUTPUT, text, exitCode: exited, durationMs: durationOf(field(item, "duration")) };
  const cwd = directoryOf(textField(item, "cwd")) ?? completion.cwd;
  return commandEvents(originOf(item, completion), source, cwd, { at: completion.at, output, outcome });
}

/** The event of a `FileChange` item or a `patch_apply_end` event. */
export function editItem(item: Fields, completion: Completion): SessionEvent {
  const stderr = textField(item, "stderr") || "";
  const text = stderr || textField(item, "stdout") || "";
  const outcome = itemOutcome(item) ?? (item.success === false ? "failed" : "ok");
  const changes = Object.entries(fieldsField(item, "changes") ?? {}).map(([path, change]) => changeOf(path, change));
  const ended = { at: completion.at, output: { ...NO_OUTPUT, text }, outcome };
  return editEvent(originOf(item, completion), changes, completion.cwd, ended);
}

/** The event of a call to an MCP server or to a tool of the program that runs Codex. */
export function toolItem(item: Fields, completion: Completion): SessionEvent {
  const invocation = fieldsField(item, "invocation") ?? item;
  const server = textField(invocation, "server");
  const tool = textField(invocation, "tool") ?? textField(item, "type") ?? "unknown";
  const result = fieldsField(item, "result");
  const error = fieldsField(item, "error") ?? fieldsField(result ?? {}, "Err");
  const errorText = textField(item, "error") ?? (result === null ? null : textField(result, "Err"));
  const content = fieldsField(result ?? {}, "Ok") ?? result;
  const failed = error !== null || errorText !== null || content?.isError === true || item.success === false;
  return {
    kind: "tool",
    at: completion.at,
    offset: completion.offset,
    turn: completion.turn,
    agent: null,
    id: originOf(item, completion).id,
    name: server === null ? tool : `mcp__${server}__${tool}`,
    input: invocation.arguments ?? {},
    outcome: failed ? "failed" : (itemOutcome(item) ?? (result === null ? "unknown" : "ok")),
    output:
      errorText ?? (error && textField(error, "message")) ?? outputText(content ?? listField(item, "content_items")),
  };
}

/** The id a call and its item share. */
export function itemId(item: Fields): string | null {
  return textField(item, "call_id") ?? textField(item, "id");
}

/** What a search looked for. */
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
    path: directoryOf(path) ?? path,
    movedTo: directoryOf(textField(fields, "move_path")),
    diff: type === "delete" ? null : diff,
  };
}

/** `{secs, nanos}`, as Rust writes a duration. */
function durationOf(duration: unknown): number | null {
  const fields = asFields(duration);
  const secs = fields === null ? null : numberField(fields, "secs");
  return fields === null || secs === null ? null : Math.round(secs * 1000 + (numberField(fields, "nanos") ?? 0) / 1e6);
}
