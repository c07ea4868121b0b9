// One conversation with the model, the session's own or a subagent's: its lines in file order to events. A message of
// the model is several lines, one for each of its parts; the results of its calls come as lines of the user.
import type { RewindEvent, SessionEvent } from "../../events/event.ts";
import { asFields, type Fields, fieldsField, listField, textField } from "../fields.ts";
import { commandOf } from "./call-events.ts";
import { type Notice, noticeOf, noticeOfAnswer } from "./notices.ts";
import { Calls, type World } from "./open-calls.ts";
import { type CallResult, resultsOf, textOf } from "./outputs.ts";
import type { ClaudeState } from "./parser-state.ts";
import type { Prompt } from "./prompts.ts";
import type { ClaudeLine } from "./record.ts";
import type { Rewind } from "./rewinds.ts";
import { taskNoticeOf } from "./task-notices.ts";

export class Thread {
  readonly calls: Calls;
  readonly #agent: string | null;
  readonly #unknown: (name: string) => void;
  #at: string | null = null;
  #cwd: string | null;
  #model: string | null = null;
  #turn: string | null = null;
  /** Where the history was summarised; the summary is told by a later line. */
  #boundary: number | null = null;
  /** What the person runs in the screen by `!`; its output is told by the next line. */
  #bash: { command: string; offset: number; at: string | null } | null = null;

  constructor(
    agent: string | null,
    world: World,
    unknown: (name: string) => void,
    start: Partial<ClaudeState> & { cwd: string | null },
  ) {
    this.#agent = agent;
    this.#unknown = unknown;
    this.calls = new Calls(world, agent, start.background);
    this.#at = start.at ?? null;
    this.#cwd = start.cwd;
    this.#model = start.model ?? null;
    this.#turn = start.turn ?? null;
  }

  /** Whether what comes next depends on something that was said before. */
  get isOpen(): boolean {
    return this.calls.isAnyOpen || this.#boundary !== null || this.#bash !== null;
  }

  save(): Omit<ClaudeState, "rewinds"> {
    const { background } = this.calls;
    return { tool: "claude", cwd: this.#cwd, model: this.#model, at: this.#at, turn: this.#turn, background };
  }

  /** The events of a line; `prompt` is what a person typed in it. */
  *take(line: ClaudeLine, offset: number, prompt: Prompt | null): Generator<SessionEvent, void, void> {
    this.#at = line.at ?? this.#at;
    this.#cwd = textField(line.fields, "cwd") ?? this.#cwd;
    this.#turn = textField(line.fields, "promptId") ?? this.#turn;
    if (prompt !== null) {
      yield { kind: "prompt", ...this.#place(offset), text: prompt.text, images: prompt.images };
    } else if (line.type === "assistant") yield* this.#answer(line.fields, offset);
    else if (line.type === "user") yield* this.#user(line, offset);
    else if (textField(line.fields, "subtype") === "compact_boundary") {
      yield* this.#summarised(null);
      this.#boundary = offset;
    } else yield* this.#beside(line, offset);
  }

  rewound(rewind: Rewind, offset: number): RewindEvent {
    return { kind: "rewind", ...this.#place(offset), ...rewind };
  }

  /** The turn is over, and the next one begins at that time. */
  *interrupt(next: string | null): Generator<SessionEvent, void, void> {
    yield* this.#summarised(null);
    yield* this.#bashEnded("");
    yield* this.calls.interrupt(this.#at, next);
  }

  *finish(): Generator<SessionEvent, void, void> {
    yield* this.#summarised(null);
    yield* this.#bashEnded("");
    yield* this.calls.finish(this.#at);
  }

  *#answer(fields: Fields, offset: number): Generator<SessionEvent, void, void> {
    const notice = noticeOfAnswer(fields);
    if (notice !== null) {
      yield* this.#notice(notice, offset);
      return;
    }
    const message = fieldsField(fields, "message") ?? {};
    const model = textField(message, "model");
    if (model !== null && model !== this.#model) {
      this.#model = model;
      yield { kind: "model", ...this.#place(offset), model };
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
      yield { kind: type === "text" ? "reply" : "thinking", ...this.#place(offset), text };
    } else if (type === "tool_use") {
      const id = textField(block, "id") ?? `call-${offset}`;
      const name = textField(block, "name") ?? "unknown";
      const { at, turn, agent } = this.#place(offset);
      this.calls.open({ id, name, input, offset, at, turn, agent, cwd: this.#cwd });
    } else if (type === "server_tool_use") {
      const query = textField(input, "query");
      if (query !== null) yield { kind: "search", ...this.#place(offset), query };
    } else if (!/^(?:redacted_thinking|fallback|.*_tool_result)$/.test(type)) this.#unknown(`assistant/${type}`);
  }

  *#user(line: ClaudeLine, offset: number): Generator<SessionEvent, void, void> {
    const { fields } = line;
    const results = resultsOf(line);
    for (const result of results) yield* this.#result(result);
    if (results.length > 0) return;
    const text = textOf(fieldsField(fields, "message")?.content);
    if (fields.isCompactSummary === true) {
      this.#boundary ??= offset;
      yield* this.#summarised(text);
      return;
    }
    const [, command] = /^<bash-input>([\s\S]*)<\/bash-input>$/.exec(text.trim()) ?? [];
    const [, printed, complained = ""] =
      /^<bash-stdout>([\s\S]*)<\/bash-stdout>(?:<bash-stderr>([\s\S]*)<\/bash-stderr>)?$/.exec(text.trim()) ?? [];
    if (command !== undefined && fields.isMeta !== true) {
      yield* this.#bashEnded("");
      this.#bash = { command, offset, at: this.#at };
    } else if (printed !== undefined && fields.isMeta !== true) {
      yield* this.#bashEnded(printed + complained);
    } else if (this.#agent !== null && fields.isMeta !== true && taskNoticeOf(line) === null) {
      // What a subagent is told to do, or told later.
      yield { kind: "prompt", ...this.#place(offset), text, images: [] };
    } else yield* this.#beside(line, offset);
  }

  *#result(result: CallResult): Generator<SessionEvent, void, void> {
    const events = this.calls.answer(result);
    if (events === null) this.#unknown("user/tool_result without its call");
    else yield* events;
  }

  /** What stands between the conversation. */
  *#beside(line: ClaudeLine, offset: number): Generator<SessionEvent, void, void> {
    const task = taskNoticeOf(line);
    if (task === null) {
      yield* this.#notice(noticeOf(line), offset);
      return;
    }
    const events = this.calls.ended(task, this.#at);
    if (events !== null) yield* events;
    // The conversation will tell it again.
    else if (!task.isQueued) yield* this.#notice({ level: "info", text: task.summary }, offset);
  }

  *#notice(notice: Notice | null, offset: number): Generator<SessionEvent, void, void> {
    if (notice !== null && notice.text !== "") yield { kind: "notice", ...this.#place(offset), ...notice };
  }

  *#summarised(summary: string | null): Generator<SessionEvent, void, void> {
    if (this.#boundary !== null) yield { kind: "compaction", ...this.#place(this.#boundary), summary };
    this.#boundary = null;
  }

  /** No status is told, not even that of a failure. */
  *#bashEnded(output: string): Generator<SessionEvent, void, void> {
    if (this.#bash === null) return;
    const { command, offset, at } = this.#bash;
    this.#bash = null;
    const { turn, agent } = this.#place(offset);
    const call = { id: `bash-${offset}`, name: "Bash", input: { command }, offset, at, turn, agent, cwd: this.#cwd };
    yield { ...commandOf(call, this.#at), output };
  }

  #place(offset: number) {
    return { at: this.#at, offset, turn: this.#turn, agent: this.#agent };
  }
}
