// A rollout's records to events: pure, fed in file order.
import type { LogParser, SessionEvent, Tally } from "../events.ts";
import { asFields, asTexts, type Fields, field, fieldsField, listField, numberField, textField } from "../fields.ts";
import { Calls } from "./calls.ts";
import { Conversation, type Place } from "./conversation.ts";
import { intentOfCall, intentOfLocalShell } from "./intents.ts";
import { type Completion, commandItem, editItem, itemId, toolItem } from "./items.ts";
import { isEmptyHead, kindOfHead, nameOf, useOf } from "./kinds.ts";
import { outputText } from "./outputs.ts";
import { promptOfEvent, promptOfItem, promptOfMessage } from "./prompts.ts";
import { decode, parseRecord, type RolloutRecord } from "./schema.ts";
import { directoryOf } from "./shell.ts";
import { TallyKeeper } from "./tally.ts";

export class CodexParser implements LogParser {
  readonly #keeper = new TallyKeeper();
  readonly #calls = new Calls();
  readonly #conversation = new Conversation();
  #turn: string | null = null;
  /** Whether items tell what happens in this turn; decided per turn, as another version may have resumed the log. */
  #items = false;
  #cwd: string | null;
  #model: string | null = null;
  #at: string | null = null;

  /** `cwd` is where the session began; each turn may tell its own. */
  constructor(cwd: string | null) {
    this.#cwd = directoryOf(cwd);
  }

  get tally(): Tally {
    return this.#keeper.tally;
  }

  wants(bytes: Uint8Array): boolean {
    this.#keeper.met();
    const head = decode(bytes);
    const kind = kindOfHead(head);
    if (kind === null) return true;
    const use = useOf(kind);
    if (use === "unknown") this.#keeper.unknown(nameOf(kind));
    if (use !== "needed" || isEmptyHead(head)) return false;
    return !(this.#items && kind.type === "response_item" && isConversation(kind.payload));
  }

  record(bytes: Uint8Array, offset: number): SessionEvent[] {
    const record = parseRecord(bytes);
    if (record === null) {
      this.#keeper.unparsable(offset);
      return [];
    }
    this.#at = record.at ?? this.#at;
    const use = useOf(record.kind);
    if (use === "unknown") this.#keeper.unknown(nameOf(record.kind));
    return use === "needed" ? this.#events(record, offset) : [];
  }

  tooLong(offset: number): void {
    this.#keeper.unparsable(offset);
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
    const completion = this.#completion(payload, offset);
    switch (type) {
      case "user_message":
        return this.#conversation.prompt("event", promptOfEvent(payload), place);
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
        return [
          ...this.#conversation.flush(),
          // The items of what was stopped are still to come.
          ...this.#calls.interrupt(this.#at, this.#items),
          this.#aborted(payload, place),
        ];
      case "thread_rolled_back": {
        const turns = numberField(payload, "num_turns");
        return [{ kind: "notice", ...place, level: "info", text: `rolled back ${turns ?? "some"} turns` }];
      }
      case "item_completed":
        return this.#item(fieldsField(payload, "item") ?? {}, completion);
      case "exec_command_end":
        return this.#calls.tell(itemId(payload), commandItem(payload, completion));
      case "patch_apply_end":
        return this.#calls.tell(itemId(payload), [editItem(payload, completion)]);
      case "mcp_tool_call_end":
        return this.#calls.tell(itemId(payload), [toolItem(payload, completion)]);
      case "web_search_end":
        return this.#conversation.search("event", queryOf(payload), place);
      default: {
        const level = type === "warning" ? "info" : "error";
        const text = textField(payload, "message") ?? type;
        return [...this.#conversation.flush(), { kind: "notice", ...place, level, text }];
      }
    }
  }

  #item(item: Fields, completion: Completion): SessionEvent[] {
    const { cwd: _cwd, startedAt: _startedAt, ...rest } = completion;
    const place: Place = { ...rest, agent: null };
    const type = textField(item, "type") ?? "";
    const name = type.replaceAll("_", "").toLowerCase();
    // Plans and sleeps were told as items before anything else was.
    if (name !== "plan" && name !== "sleep") this.#items = true;
    switch (name) {
      case "usermessage":
        return this.#conversation.prompt("item", promptOfItem(item), place);
      case "agentmessage":
        return this.#conversation.reply("item", outputText(item.content) || (textField(item, "text") ?? ""), place);
      case "plan":
        return this.#conversation.reply("item", textField(item, "text") ?? "", place);
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
      case "hookprompt":
      case "contextcompaction":
      case "sleep":
      case "subagentactivity":
      case "enteredreviewmode":
      case "exitedreviewmode":
        return [];
      default:
        this.#keeper.unknown(`event_msg/item_completed/${type}`);
        return [];
    }
  }

  #response(type: string, payload: Fields, offset: number): SessionEvent[] {
    const place = this.#place(offset);
    const id = textField(payload, "call_id") ?? textField(payload, "id") ?? `call-${offset}`;
    const origin = { id, offset, turn: this.#turn, startedAt: this.#at };
    switch (type) {
      case "message":
        return this.#message(payload, place);
      case "reasoning":
        return listField(payload, "summary").flatMap((part) =>
          this.#conversation.thinking("response", textField(asFields(part) ?? {}, "text") ?? "", place),
        );
      case "function_call":
      case "custom_tool_call":
        this.#calls.open(origin, intentOfCall(payload, this.#cwd));
        return this.#conversation.flush();
      case "local_shell_call":
        this.#calls.open(origin, intentOfLocalShell(payload, this.#cwd));
        return this.#conversation.flush();
      case "web_search_call":
        return this.#conversation.search("response", queryOf(payload), place);
      default: {
        const events = this.#calls.answer(id, this.#at, payload.output, this.#items);
        if (events === null) this.#keeper.unknown(`response_item/${type} without its call`);
        return events ?? [];
      }
    }
  }

  #message(payload: Fields, place: Place): SessionEvent[] {
    const role = textField(payload, "role");
    if (role === "user") return this.#conversation.prompt("response", promptOfMessage(payload), place);
    if (role !== "assistant") return [];
    return this.#conversation.reply("response", outputText(payload.content), place);
  }

  #aborted(payload: Fields, place: Place): SessionEvent {
    return {
      kind: "notice",
      ...place,
      level: "info",
      text: `turn ended: ${textField(payload, "reason") ?? "aborted"}`,
    };
  }

  #beginTurn(turn: string | null): void {
    if (turn !== null && turn === this.#turn) return;
    this.#turn = turn;
    this.#items = false;
    this.#conversation.beginTurn();
  }

  #place(offset: number): Place {
    return { at: this.#at, offset, turn: this.#turn, agent: null };
  }

  #completion(payload: Fields, offset: number): Completion {
    const started = numberField(payload, "started_at_ms");
    const startedAt = started === null || Math.abs(started) > 8.64e15 ? this.#at : new Date(started).toISOString();
    return { at: this.#at, offset, turn: textField(payload, "turn_id") || this.#turn, startedAt, cwd: this.#cwd };
  }
}

/** The kinds an item tells of as well, so that they need no parsing where items are the truth. */
function isConversation(payload: string | null): boolean {
  return payload === "message" || payload === "reasoning" || payload === "web_search_call";
}

function queryOf(payload: Fields): string {
  const action = fieldsField(payload, "action") ?? {};
  const queries = asTexts(action.queries) ?? [];
  return (
    textField(payload, "query") || textField(action, "query") || queries.join(", ") || (textField(action, "url") ?? "")
  );
}
