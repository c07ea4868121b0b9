// Turns the records of one conversation, the session's own or a subagent's, into events, in file order. Each part of a
// model's message is a record of its own. Results of its calls are in records of role `user`.
import type { RewindEvent, SessionEvent } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import { startedCommand } from "./call-events.ts";
import { type Notice, noticeOf, noticeOfReply } from "./notices.ts";
import { OpenCalls, type SessionFiles } from "./open-calls.ts";
import { resultsOf, textOf } from "./outputs.ts";
import type { ClaudeState } from "./parser-state.ts";
import type { Prompt } from "./prompts.ts";
import type { ClaudeRecord } from "./record.ts";
import type { Rewind } from "./rewinds.ts";
import { taskNoticeOf } from "./task-notices.ts";

export class ConversationParser {
  readonly calls: OpenCalls;
  /** The subagent's id; null for the session itself. */
  readonly #agent: string | null;
  readonly #countUnknown: (name: string) => void;
  #at: string | null = null;
  #cwd: string | null;
  #model: string | null = null;
  #turn: string | null = null;
  /** The offset of a compaction whose summary has not been read yet. */
  #compaction: number | null = null;
  /** A `!` command of the person whose output has not been read yet. */
  #bash: { command: string; offset: number; at: string | null } | null = null;

  constructor(
    agent: string | null,
    files: SessionFiles,
    countUnknown: (name: string) => void,
    start: Partial<ClaudeState> & { cwd: string | null },
  ) {
    this.#agent = agent;
    this.#countUnknown = countUnknown;
    this.calls = new OpenCalls(files, agent, start.background);
    this.#at = start.at ?? null;
    this.#cwd = start.cwd;
    this.#model = start.model ?? null;
    this.#turn = start.turn ?? null;
  }

  /** Whether the next events depend on earlier records. */
  get isOpen(): boolean {
    return !this.calls.isEmpty || this.#compaction !== null || this.#bash !== null;
  }

  save(): Omit<ClaudeState, "rewinds"> {
    const { background } = this.calls;
    return { tool: "claude", cwd: this.#cwd, model: this.#model, at: this.#at, turn: this.#turn, background };
  }

  /** The events of a record; `prompt` is what a person typed in it. */
  *record(record: ClaudeRecord, offset: number, prompt: Prompt | null): Generator<SessionEvent, void, void> {
    this.#at = record.at ?? this.#at;
    this.#cwd = textField(record.fields, "cwd") ?? this.#cwd;
    this.#turn = textField(record.fields, "promptId") ?? this.#turn;
    if (prompt !== null) {
      yield { kind: "prompt", ...this.#base(offset), text: prompt.text, images: prompt.images };
    } else if (record.type === "assistant") yield* this.#reply(record.fields, offset);
    else if (record.type === "user") yield* this.#user(record, offset);
    else if (textField(record.fields, "subtype") === "compact_boundary") {
      yield* this.#endCompaction(null);
      this.#compaction = offset;
    } else yield* this.#other(record, offset);
  }

  rewindEvent(rewind: Rewind, offset: number): RewindEvent {
    return { kind: "rewind", ...this.#base(offset), ...rewind };
  }

  /** Ends the turn; the next one begins at `next`. */
  *interrupt(next: string | null): Generator<SessionEvent, void, void> {
    yield* this.#endCompaction(null);
    yield* this.#endBash("");
    yield* this.calls.interrupt(this.#at, next);
  }

  *finish(): Generator<SessionEvent, void, void> {
    yield* this.#endCompaction(null);
    yield* this.#endBash("");
    yield* this.calls.finish(this.#at);
  }

  *#reply(fields: Fields, offset: number): Generator<SessionEvent, void, void> {
    const notice = noticeOfReply(fields);
    if (notice !== null) {
      yield* this.#notice(notice, offset);
      return;
    }
    const message = fieldsField(fields, "message") ?? {};
    const model = textField(message, "model");
    if (model !== null && model !== this.#model) {
      this.#model = model;
      yield { kind: "model", ...this.#base(offset), model };
    }
    const { content } = message;
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : listField(message, "content");
    for (const part of blocks) yield* this.#block(asFields(part) ?? {}, offset);
  }

  *#block(block: Fields, offset: number): Generator<SessionEvent, void, void> {
    const type = textField(block, "type") ?? "";
    const input = fieldsField(block, "input") ?? {};
    if (type === "text" || type === "thinking") {
      const text = textField(block, type) ?? "";
      if (text.trim() === "") return;
      yield { kind: type === "text" ? "reply" : "thinking", ...this.#base(offset), text };
    } else if (type === "tool_use") {
      const id = textField(block, "id") ?? `call-${offset}`;
      const name = textField(block, "name") ?? "unknown";
      this.calls.add({ ...this.#base(offset), id, name, input, cwd: this.#cwd });
    } else if (type === "server_tool_use") {
      const query = textField(input, "query");
      if (query !== null) yield { kind: "search", ...this.#base(offset), query };
    } else if (!/^(?:redacted_thinking|fallback|.*_tool_result)$/.test(type)) this.#countUnknown(`assistant/${type}`);
  }

  *#user(record: ClaudeRecord, offset: number): Generator<SessionEvent, void, void> {
    const { fields } = record;
    const results = resultsOf(record);
    for (const result of results) {
      const events = this.calls.addResult(result);
      if (events === null) this.#countUnknown("user/tool_result without its call");
      else yield* events;
    }
    if (results.length > 0) return;
    const text = textOf(fieldsField(fields, "message")?.content);
    if (fields.isCompactSummary === true) {
      this.#compaction ??= offset;
      yield* this.#endCompaction(text);
      return;
    }
    const [, command] = /^<bash-input>([\s\S]*)<\/bash-input>$/.exec(text.trim()) ?? [];
    const [, stdout, stderr = ""] =
      /^<bash-stdout>([\s\S]*)<\/bash-stdout>(?:<bash-stderr>([\s\S]*)<\/bash-stderr>)?$/.exec(text.trim()) ?? [];
    if (command !== undefined && fields.isMeta !== true) {
      yield* this.#endBash("");
      this.#bash = { command, offset, at: this.#at };
    } else if (stdout !== undefined && fields.isMeta !== true) {
      yield* this.#endBash(stdout + stderr);
    } else if (this.#agent !== null && fields.isMeta !== true && taskNoticeOf(record) === null) {
      // The subagent's task, or a later message to it.
      yield { kind: "prompt", ...this.#base(offset), text, images: [] };
    } else yield* this.#other(record, offset);
  }

  /** A record that is not part of the conversation: the end of a task, or a notice. */
  *#other(record: ClaudeRecord, offset: number): Generator<SessionEvent, void, void> {
    const task = taskNoticeOf(record);
    if (task === null) {
      yield* this.#notice(noticeOf(record), offset);
      return;
    }
    const events = this.calls.endTask(task, this.#at);
    if (events !== null) yield* events;
    // The conversation repeats a queued notification.
    else if (!task.isQueued) yield* this.#notice({ level: "info", text: task.summary }, offset);
  }

  *#notice(notice: Notice | null, offset: number): Generator<SessionEvent, void, void> {
    if (notice !== null && notice.text !== "") yield { kind: "notice", ...this.#base(offset), ...notice };
  }

  *#endCompaction(summary: string | null): Generator<SessionEvent, void, void> {
    if (this.#compaction !== null) yield { kind: "compaction", ...this.#base(this.#compaction), summary };
    this.#compaction = null;
  }

  /** The log has no exit status of a `!` command, not even of one that failed. */
  *#endBash(output: string): Generator<SessionEvent, void, void> {
    if (this.#bash === null) return;
    const { command, offset, at } = this.#bash;
    this.#bash = null;
    const call = { ...this.#base(offset), at, id: `bash-${offset}`, name: "Bash", input: { command }, cwd: this.#cwd };
    yield { ...startedCommand(call, this.#at), output };
  }

  #base(offset: number) {
    return { at: this.#at, offset, turn: this.#turn, agent: this.#agent };
  }
}
