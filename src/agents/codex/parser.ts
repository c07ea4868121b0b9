// Turns the records of a rollout into events. The caller passes the records in file order.
import type { SessionEvent } from "../../events/event.ts";
import { utcOf } from "../../events/timestamps.ts";
import { asFields, asTexts, type Fields, field, fieldsField, listField, textField } from "../fields.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import { CompletedCalls } from "./completed-calls.ts";
import { type Completion, callItemEvents, completionOf, isIgnoredItem, itemId, queryOf } from "./completed-items.ts";
import { type EventBase, Messages, noticeOf, type Source } from "./messages.ts";
import { OpenCalls } from "./open-calls.ts";
import { outputText } from "./outputs.ts";
import type { CodexState } from "./parser-state.ts";
import { type Prompt, promptOfEvent, promptOfItem, promptOfMessage } from "./prompts.ts";
import { OPENING, parseRecord, type RolloutRecord } from "./record.ts";
import {
  isEmptyHead,
  isRepeatedByItems,
  KIND_BYTES,
  type Kind,
  kindOfHead,
  messageKindOfHead,
  nameOf,
  timestampOfHead,
  useOf,
} from "./record-kinds.ts";
import { Repeats } from "./repeats.ts";
import { decodePath } from "./shell-source.ts";
import { parseLocalShellCall, parseToolCall, type ToolCall } from "./tool-calls.ts";

export class CodexParser implements LogParser {
  readonly headBytes = KIND_BYTES;
  readonly opening = OPENING;
  readonly #stats = new ParseStatsCounter();
  readonly #calls: OpenCalls;
  readonly #messages: Messages;
  readonly #repeats = new Repeats();
  readonly #state: Omit<CodexState, "tool" | "isReview" | "confirmed" | "settled">;
  /** The point before the last record that may be, or begin, a prompt; null once another event follows it. */
  #resumePoint: ResumePoint | null = null;

  /** `cwd`: the directory the session began in. `before`: the saved state when parsing resumes. */
  constructor(cwd: string | null, before: CodexState | null = null) {
    this.#calls = new OpenCalls(new CompletedCalls(before?.settled));
    this.#messages = new Messages(before?.confirmed, before?.isReview);
    const { turn, items, model, at, stopped } = before ?? NO_STATE;
    this.#state = { turn, items, cwd: before === null ? decodePath(cwd) : before.cwd, model, at, stopped };
  }

  get stats(): ParseStats {
    return this.#stats.stats;
  }

  /** Adds the statistics of a subagent's parser. */
  addSubagentStats(stats: ParseStats): void {
    this.#stats.addSubagent(stats);
  }

  wants(head: string): boolean {
    this.#stats.countRecord();
    const kind = kindOfHead(head);
    if (kind === null) return true;
    if (kind.use === "unknown") this.#stats.countUnknown(nameOf(kind));
    if (kind.use !== "needed") return false;
    const isRepeated = this.#state.items && kind.type === "response_item";
    if (isRepeatedByItems(kind.payload) && (isRepeated || isEmptyHead(head))) return false;
    if (!this.#hasOnlyTime(kind, head)) return true;
    if (kind.type === "event_msg") this.#repeats.endTurn();
    const at = utcOf(timestampOfHead(head));
    this.#state.at = at ?? this.#state.at;
    return at === null;
  }

  /** Whether a record adds only its time, because it repeats an event or ends a turn without open messages. */
  #hasOnlyTime(kind: Kind, head: string): boolean {
    if (this.#messages.hasUnconfirmed) return false;
    if (kind.type !== "response_item") return kind.payload === "task_complete" || kind.payload === "turn_complete";
    const message = messageKindOfHead(kind, head);
    return message !== null && this.#messages.isConfirmed(message);
  }

  record(bytes: Uint8Array, offset: number): SessionEvent[] | null {
    const record = parseRecord(bytes);
    if (record === null) return null;
    this.#state.at = record.at ?? this.#state.at;
    const use = useOf(record.kind);
    if (use === "unknown") this.#stats.countUnknown(nameOf(record.kind));
    const { isRepeating } = this.#repeats;
    const all = use === "needed" ? this.#events(record, offset) : [];
    const events = isRepeating ? all.filter(isOfCall) : all;
    if (events[0] !== undefined && events[0].offset !== this.#resumePoint?.offset) this.#resumePoint = null;
    return events;
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    return event.kind === "prompt" && event.offset === this.#resumePoint?.offset ? this.#resumePoint : null;
  }

  damaged(offset: number): void {
    this.#stats.countUnparsable(offset);
  }

  /** Whether something runs in the background, so that events about it may follow late. */
  get hasRunning(): boolean {
    return this.#calls.hasRunning;
  }

  finish(): SessionEvent[] {
    return [...this.#messages.flush(), ...this.#calls.finish(this.#state.at)];
  }

  #events({ kind, payload }: RolloutRecord, offset: number): SessionEvent[] {
    const base = this.#base(offset);
    if (kind.type === "turn_context") return this.#turnContext(payload, offset);
    if (kind.type === "compacted") {
      // The `replacement_history` of this record repeats earlier records.
      return [{ kind: "compaction", ...base, summary: textField(payload, "message") || null }];
    }
    const type = kind.payload ?? "";
    return kind.type === "event_msg" ? this.#event(type, payload, base) : this.#response(type, payload, base);
  }

  #turnContext(payload: Fields, offset: number): SessionEvent[] {
    const turn = textField(payload, "turn_id");
    if (turn !== null && turn !== this.#state.turn) this.#beginTurn(turn);
    this.#state.cwd = decodePath(textField(payload, "cwd")) ?? this.#state.cwd;
    const model = textField(payload, "model");
    if (model === null || model === this.#state.model) return [];
    this.#state.model = model;
    return [{ kind: "model", ...this.#base(offset), model }];
  }

  #event(type: string, payload: Fields, base: EventBase): SessionEvent[] {
    switch (type) {
      case "user_message":
        return this.#prompt("event", promptOfEvent(payload), base);
      case "agent_message":
        return this.#messages.reply("event", textField(payload, "message") ?? "", base);
      case "agent_reasoning":
        return this.#messages.thinking("event", textField(payload, "text") ?? "", base);
      case "task_started":
      case "turn_started":
        this.#beginTurn(textField(payload, "turn_id"));
        return [...this.#messages.flush(), ...this.#calls.interrupt(base.at, false)];
      case "task_complete":
      case "turn_complete":
        this.#repeats.endTurn();
        return this.#messages.flush();
      case "turn_aborted": {
        this.#repeats.endTurn();
        this.#state.stopped = textField(payload, "turn_id");
        // Items about the stopped calls are still to come.
        const calls = this.#calls.interrupt(base.at, this.#state.items);
        return [...this.#messages.flush(), ...calls, noticeOf(type, payload, base)];
      }
      case "entered_review_mode":
      case "exited_review_mode":
        this.#messages.isReview = type === "entered_review_mode";
        return [];
      case "thread_rolled_back":
        return [noticeOf(type, payload, base)];
      case "item_completed":
        return this.#item(fieldsField(payload, "item") ?? {}, completionOf(payload, base, this.#state));
      case "web_search_end":
        return this.#messages.search("event", queryOf(payload), base);
      default: {
        const events = callItemEvents(type, payload, completionOf(payload, base, this.#state));
        if (events !== null) return this.#callItem(type, payload, events);
        return [...this.#messages.flush(), noticeOf(type, payload, base)];
      }
    }
  }

  #item(item: Fields, completion: Completion): SessionEvent[] {
    const { at, offset, turn } = completion;
    const base: EventBase = { at, offset, turn, agent: null };
    const type = textField(item, "type") ?? "";
    const name = type.replaceAll("_", "").toLowerCase();
    // The first versions with items wrote only plans and sleeps as items.
    if (name !== "plan" && name !== "sleep") this.#state.items = true;
    switch (name) {
      case "usermessage":
        return this.#prompt("item", promptOfItem(item), base);
      case "agentmessage":
      case "plan":
        return this.#messages.reply("item", outputText(item.content) || (textField(item, "text") ?? ""), base);
      case "reasoning":
        return (asTexts(field(item, "summary_text")) ?? []).flatMap((text) =>
          this.#messages.thinking("item", text, base),
        );
      case "websearch":
        return this.#messages.search("item", queryOf(item), base);
      default: {
        const events = callItemEvents(name, item, completion);
        if (events !== null) return this.#callItem(name, item, events);
        if (!isIgnoredItem(name)) this.#stats.countUnknown(`event_msg/item_completed/${type}`);
        return [];
      }
    }
  }

  #response(type: string, payload: Fields, base: EventBase): SessionEvent[] {
    switch (type) {
      case "message": {
        const role = textField(payload, "role");
        if (role === "user") return this.#prompt("response", promptOfMessage(payload), base);
        return role === "assistant" ? this.#messages.reply("response", outputText(payload.content), base) : [];
      }
      case "reasoning":
        return listField(payload, "summary").flatMap((part) =>
          this.#messages.thinking("response", textField(asFields(part) ?? {}, "text") ?? "", base),
        );
      case "function_call":
      case "custom_tool_call":
        return this.#call(payload, base, parseToolCall(payload, this.#state.cwd));
      case "local_shell_call":
        return this.#call(payload, base, parseLocalShellCall(payload, this.#state.cwd));
      case "web_search_call":
        return this.#messages.search("response", queryOf(payload), base);
      default: {
        const id = callId(payload, base.offset);
        const events = this.#calls.addOutput(id, base.at, payload.output, this.#state.items);
        if (events === null) this.#stats.countUnknown(`response_item/${type} without its call`);
        return events ?? [];
      }
    }
  }

  #call(payload: Fields, { at, offset, turn }: EventBase, call: ToolCall): SessionEvent[] {
    const id = callId(payload, offset);
    if (this.#repeats.isNewCall("call", id, turn, at)) this.#calls.add({ id, offset, turn, startedAt: at }, call);
    else this.#calls.ignore(id);
    return this.#messages.flush();
  }

  #callItem(type: string, item: Fields, events: SessionEvent[]): SessionEvent[] {
    const id = itemId(item);
    const [event] = events;
    if (id !== null && event && !this.#repeats.isNewCall(type, id, event.turn, event.at)) return [];
    return this.#calls.addItem(id, events, textField(item, "process_id"));
  }

  #prompt(source: Source, prompt: Prompt | null, base: EventBase): SessionEvent[] {
    // The prompt may be the event of this record, or of a later one that confirms it.
    if (this.#calls.isEmpty && this.#messages.isIdle) this.#resumePoint = { offset: base.offset, state: this.#save() };
    return this.#messages.prompt(source, prompt, base);
  }

  #save(): CodexState {
    const { confirmed, isReview } = this.#messages;
    return { ...this.#state, tool: "codex", isReview, confirmed, settled: this.#calls.completed.save() };
  }

  #beginTurn(turn: string | null): void {
    this.#repeats.beginTurn(turn);
    if (turn !== null && turn === this.#state.turn) return;
    this.#state.turn = turn;
    this.#state.items = false;
    this.#calls.completed.beginTurn();
    this.#messages.beginTurn();
  }

  #base(offset: number): EventBase {
    return { at: this.#state.at, offset, turn: this.#state.turn, agent: null };
  }
}

function isOfCall({ kind }: SessionEvent): boolean {
  return kind === "command" || kind === "edit" || kind === "tool";
}

const NO_STATE = { turn: null, items: false, model: null, at: null, stopped: null };

function callId(payload: Fields, offset: number): string {
  return textField(payload, "call_id") ?? textField(payload, "id") ?? `call-${offset}`;
}
