// Subagents of older versions: their records are in the session's own log, and each names the record before it as its
// parent.
import type { SessionEvent } from "../../events/event.ts";
import { fieldsField, textField } from "../fields.ts";
import type { ConversationParser } from "./conversation-parser.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeRecord } from "./record.ts";

/** How many records are remembered. A subagent whose chain is lost continues as a new one. */
const MAX_LINKS = 20_000;

export class Sidechains {
  readonly #parserOf: (agent: string) => ConversationParser;
  /** The open call that started a subagent with this prompt. */
  readonly #callOf: (prompt: string) => string | null;
  readonly #parsers = new Map<string, ConversationParser>();
  readonly #agentOfRecord = new Map<string, string>();

  constructor(parserOf: (agent: string) => ConversationParser, callOf: (prompt: string) => string | null) {
    this.#parserOf = parserOf;
    this.#callOf = callOf;
  }

  get isOpen(): boolean {
    return [...this.#parsers.values()].some(({ isOpen }) => isOpen);
  }

  /** Whether the subagent of a call has records here. */
  has(call: string | null): boolean {
    return call !== null && this.#parsers.has(call);
  }

  *record(record: ClaudeRecord, offset: number): Generator<SessionEvent, void, void> {
    const agent = this.#agentOf(record, offset);
    const uuid = textField(record.fields, "uuid");
    if (uuid !== null && this.#agentOfRecord.size < MAX_LINKS) this.#agentOfRecord.set(uuid, agent);
    const parser = this.#parsers.get(agent) ?? this.#parserOf(agent);
    this.#parsers.set(agent, parser);
    yield* parser.record(record, offset, null);
  }

  /** The session has received the subagent's result: no more records of it follow. */
  *end(call: string, at: string | null): Generator<SessionEvent, void, void> {
    yield* this.#parsers.get(call)?.interrupt(at) ?? [];
  }

  /** Called when a new turn begins. */
  *interrupt(next: string | null): Generator<SessionEvent, void, void> {
    for (const parser of this.#parsers.values()) yield* parser.interrupt(next);
    this.#parsers.clear();
    this.#agentOfRecord.clear();
  }

  /** Called at the end of the range. */
  *finish(): Generator<SessionEvent, void, void> {
    for (const parser of this.#parsers.values()) yield* parser.finish();
  }

  #agentOf({ fields }: ClaudeRecord, offset: number): string {
    const before = this.#agentOfRecord.get(textField(fields, "parentUuid") ?? "");
    if (before !== undefined) return before;
    const call = this.#callOf(textOf(fieldsField(fields, "message")?.content));
    return call ?? textField(fields, "agentId") ?? `agent-${offset}`;
  }
}
