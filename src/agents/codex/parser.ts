// A rollout's records to events: pure, fed in file order.
import type { SessionEvent } from "../../events/event.ts";
import { utcOf } from "../../events/timestamps.ts";
import { asFields, asTexts, type Fields, field, fieldsField, listField, numberField, textField } from "../fields.ts";
import type { LogParser, ResumePoint } from "../log-parser.ts";
import { type ParseStats, ParseStatsCounter } from "../parse-stats.ts";
import { Settled } from "./completed-calls.ts";
import { type Completion, commandItem, editItem, isSilentItem, itemId, queryOf, toolItem } from "./completed-items.ts";
import { Conversation, type Place, type Source } from "./messages.ts";
import { noticeOf } from "./notices.ts";
import { Calls } from "./open-calls.ts";
import { outputText } from "./outputs.ts";
import type { CodexState } from "./parser-state.ts";
import { Points } from "./points.ts";
import { type Prompt, promptOfEvent, promptOfItem, promptOfMessage } from "./prompts.ts";
import { parseRecord, type RolloutRecord } from "./record.ts";
import {
  isConversation,
  isEmptyHead,
  KIND_BYTES,
  type Kind,
  kindOfHead,
  nameOf,
  saidByHead,
  timestampOfHead,
  useOf,
} from "./record-kinds.ts";
import { directoryOf } from "./shell-source.ts";
import { type Intent, intentOfCall, intentOfLocalShell } from "./tool-calls.ts";

export class CodexParser implements LogParser {
  readonly headBytes = KIND_BYTES;
  readonly #stats = new ParseStatsCounter();
  readonly #calls: Calls;
  readonly #conversation: Conversation;
  #turn: string | null = null;
  /** Whether items tell what happens in this turn; decided per turn, as another version may have resumed the log. */
  #items = false;
  #cwd: string | null;
  #model: string | null = null;
  #at: string | null = null;
  /** The turn that was stopped last. */
  #stopped: string | null = null;
  readonly #points = new Points();

  /** `cwd` is where the session began; each turn may tell its own. `before` is what was known at a reading point. */
  constructor(cwd: string | null, before: CodexState | null = null) {
    this.#calls = new Calls(new Settled(before?.settled));
    this.#conversation = new Conversation(before?.confirmed, before?.isReview);
    this.#turn = before?.turn ?? null;
    this.#items = before?.items ?? false;
    this.#cwd = before === null ? directoryOf(cwd) : before.cwd;
    this.#model = before?.model ?? null;
    this.#at = before?.at ?? null;
    this.#stopped = before?.stopped ?? null;
  }

  get stats(): ParseStats {
    return this.#stats.stats;
  }

  /** Takes over what a subagent's parser met. */
  account(stats: ParseStats): void {
    this.#stats.addSubagent(stats);
  }

  wants(head: string): boolean {
    this.#stats.countRecord();
    const kind = kindOfHead(head);
    if (kind === null) return true;
    if (kind.use === "unknown") this.#stats.countUnknown(nameOf(kind));
    if (kind.use !== "needed") return false;
    if (isConversation(kind.payload) && (isEmptyHead(head) || (this.#items && kind.type === "response_item"))) {
      return false;
    }
    if (!this.#isTold(kind, head)) return true;
    // Of what was told already only the time is new.
    const at = utcOf(timestampOfHead(head));
    this.#at = at ?? this.#at;
    return at === null;
  }

  /** Whether a record repeats what an event told, or ends a turn in which nothing waits for its end. */
  #isTold(kind: Kind, head: string): boolean {
    if (!this.#conversation.nothingWaits) return false;
    if (kind.type !== "response_item") return kind.payload === "task_complete" || kind.payload === "turn_complete";
    const said = saidByHead(kind, head);
    return said !== null && this.#conversation.isConfirmed(said);
  }

  record(bytes: Uint8Array, offset: number): SessionEvent[] {
    const record = parseRecord(bytes);
    if (record === null) {
      this.#stats.countUnparsable(offset);
      return [];
    }
    this.#at = record.at ?? this.#at;
    const use = useOf(record.kind);
    if (use === "unknown") this.#stats.countUnknown(nameOf(record.kind));
    const events = use === "needed" ? this.#events(record, offset) : [];
    this.#points.told(events);
    return events;
  }

  pointBefore(event: SessionEvent): ResumePoint | null {
    return this.#points.before(event);
  }

  tooLong(offset: number): void {
    this.#stats.countUnparsable(offset);
  }

  finish(): SessionEvent[] {
    return [...this.#conversation.flush(), ...this.#calls.finish(this.#at)];
  }

  #events({ kind, payload }: RolloutRecord, offset: number): SessionEvent[] {
    if (kind.type === "turn_context") return this.#turnContext(payload, offset);
    if (kind.type === "compacted") {
      // Its `replacement_history` repeats what the file already holds.
      return [{ kind: "compaction", ...this.#place(offset), summary: textField(payload, "message") || null }];
    }
    const type = kind.payload ?? "";
    return kind.type === "event_msg" ? this.#event(type, payload, offset) : this.#response(type, payload, offset);
  }

  #turnContext(payload: Fields, offset: number): SessionEvent[] {
    const turn = textField(payload, "turn_id");
    if (turn !== null && turn !== this.#turn) this.#beginTurn(turn);
    this.#cwd = directoryOf(textField(payload, "cwd")) ?? this.#cwd;
    const model = textField(payload, "model");
    if (model === null || model === this.#model) return [];
    this.#model = model;
    return [{ kind: "model", ...this.#place(offset), model }];
  }

  #event(type: string, payload: Fields, offset: number): SessionEvent[] {
    const place = this.#place(offset);
    switch (type) {
      case "user_message":
        return this.#prompt("event", promptOfEvent(payload), place);
      case "agent_message":
        return this.#conversation.reply("event", textField(payload, "message") ?? "", place);
      case "agent_reasoning":
        return this.#conversation.thinking("event", textField(payload, "text") ?? "", place);
      case "task_started":
      case "turn_started":
        this.#beginTurn(textField(payload, "turn_id"));
        return [...this.#conversation.flush(), ...this.#calls.interrupt(this.#at, false)];
      case "task_complete":
      case "turn_complete":
        return this.#conversation.flush();
      case "turn_aborted":
        this.#stopped = textField(payload, "turn_id");
        return [
          ...this.#conversation.flush(),
          // The items of what was stopped are still to come.
          ...this.#calls.interrupt(this.#at, this.#items),
          noticeOf(type, payload, place),
        ];
      case "entered_review_mode":
      case "exited_review_mode":
        this.#conversation.isReview = type === "entered_review_mode";
        return [];
      case "thread_rolled_back":
        return [noticeOf(type, payload, place)];
      case "item_completed":
        return this.#item(fieldsField(payload, "item") ?? {}, this.#completion(payload, offset));
      case "exec_command_end":
        return this.#calls.tell(itemId(payload), commandItem(payload, this.#completion(payload, offset)));
      case "patch_apply_end":
        return this.#calls.tell(itemId(payload), [editItem(payload, this.#completion(payload, offset))]);
      case "mcp_tool_call_end":
        return this.#calls.tell(itemId(payload), [toolItem(payload, this.#completion(payload, offset))]);
      case "web_search_end":
        return this.#conversation.search("event", queryOf(payload), place);
      default:
        return [...this.#conversation.flush(), noticeOf(type, payload, place)];
    }
  }

  #item(item: Fields, completion: Completion): SessionEvent[] {
    const { at, turn } = completion;
    const place: Place = { at, offset: completion.offset, turn, agent: null };
    const type = textField(item, "type") ?? "";
    const name = type.replaceAll("_", "").toLowerCase();
    // Plans and sleeps were told as items before anything else was.
    if (name !== "plan" && name !== "sleep") this.#items = true;
    switch (name) {
      case "usermessage":
        return this.#prompt("item", promptOfItem(item), place);
      case "agentmessage":
      case "plan":
        return this.#conversation.reply("item", outputText(item.content) || (textField(item, "text") ?? ""), place);
      case "reasoning":
        return (asTexts(field(item, "summary_text")) ?? []).flatMap((text) =>
          this.#conversation.thinking("item", text, place),
        );
      case "commandexecution":
        return this.#calls.tell(itemId(item), commandItem(item, completion));
      case "filechange":
        return this.#calls.tell(itemId(item), [editItem(item, completion)]);
      case "mcptoolcall":
      case "dynamictoolcall":
      case "collabagenttoolcall":
      case "imageview":
      case "imagegeneration":
        return this.#calls.tell(itemId(item), [toolItem(item, completion)]);
      case "websearch":
        return this.#conversation.search("item", queryOf(item), place);
      default:
        if (!isSilentItem(name)) this.#stats.countUnknown(`event_msg/item_completed/${type}`);
        return [];
    }
  }

  #response(type: string, payload: Fields, offset: number): SessionEvent[] {
    switch (type) {
      case "message":
        return this.#message(payload, this.#place(offset));
      case "reasoning": {
        const place = this.#place(offset);
        return listField(payload, "summary").flatMap((part) =>
          this.#conversation.thinking("response", textField(asFields(part) ?? {}, "text") ?? "", place),
        );
      }
      case "function_call":
      case "custom_tool_call":
        return this.#call(payload, offset, intentOfCall(payload, this.#cwd));
      case "local_shell_call":
        return this.#call(payload, offset, intentOfLocalShell(payload, this.#cwd));
      case "web_search_call":
        return this.#conversation.search("response", queryOf(payload), this.#place(offset));
      default: {
        const id = callId(payload, offset);
        const events = this.#calls.answer(id, this.#at, payload.output, this.#items);
        if (events === null) this.#stats.countUnknown(`response_item/${type} without its call`);
        return events ?? [];
      }
    }
  }

  #call(payload: Fields, offset: number, intent: Intent): SessionEvent[] {
    this.#calls.open({ id: callId(payload, offset), offset, turn: this.#turn, startedAt: this.#at }, intent);
    return this.#conversation.flush();
  }

  #message(payload: Fields, place: Place): SessionEvent[] {
    const role = textField(payload, "role");
    if (role === "user") return this.#prompt("response", promptOfMessage(payload), place);
    if (role !== "assistant") return [];
    return this.#conversation.reply("response", outputText(payload.content), place);
  }

  #prompt(source: Source, prompt: Prompt | null, place: Place): SessionEvent[] {
    if (!this.#calls.isAnyOpen && this.#conversation.isAtRest) {
      this.#points.mark({ offset: place.offset, state: this.#save() });
    }
    return this.#conversation.prompt(source, prompt, place);
  }

  #save(): CodexState {
    const { confirmed, isReview } = this.#conversation;
    const settled = this.#calls.settled.save();
    const [turn, items, cwd, model, at] = [this.#turn, this.#items, this.#cwd, this.#model, this.#at];
    return { tool: "codex", turn, items, cwd, model, at, stopped: this.#stopped, isReview, confirmed, settled };
  }

  #beginTurn(turn: string | null): void {
    if (turn !== null && turn === this.#turn) return;
    this.#turn = turn;
    this.#items = false;
    this.#calls.settled.beginTurn();
    this.#conversation.beginTurn();
  }

  #place(offset: number): Place {
    return { at: this.#at, offset, turn: this.#turn, agent: null };
  }

  #completion(payload: Fields, offset: number): Completion {
    const started = numberField(payload, "started_at_ms");
    const startedAt = started === null || Math.abs(started) > 8.64e15 ? this.#at : new Date(started).toISOString();
    const turn = textField(payload, "turn_id") || this.#turn;
    const isStopped = turn !== null && turn === this.#stopped;
    return { at: this.#at, offset, turn, startedAt, cwd: this.#cwd, isStopped };
  }
}

function callId(payload: Fields, offset: number): string {
  return textField(payload, "call_id") ?? textField(payload, "id") ?? `call-${offset}`;
}
