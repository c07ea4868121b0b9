// Subagents of older versions: their lines stand within the session's own log, each chained to the one before.
import type { SessionEvent } from "../../events/event.ts";
import { fieldsField, textField } from "../fields.ts";
import type { Thread } from "./conversation-parser.ts";
import { textOf } from "./outputs.ts";
import type { ClaudeLine } from "./record.ts";

/** More lines than these are not remembered: a subagent whose chain is lost goes on as a new one. */
const MAX_LINKS = 20_000;

export class Sidechains {
  readonly #threadOf: (agent: string) => Thread;
  /** The call that began a subagent with these words. */
  readonly #callOf: (prompt: string) => string | null;
  readonly #threads = new Map<string, Thread>();
  readonly #agentOfLine = new Map<string, string>();

  constructor(threadOf: (agent: string) => Thread, callOf: (prompt: string) => string | null) {
    this.#threadOf = threadOf;
    this.#callOf = callOf;
  }

  get isAnyOpen(): boolean {
    return [...this.#threads.values()].some(({ isOpen }) => isOpen);
  }

  /** Whether the subagent of a call was told here. */
  has(call: string | null): boolean {
    return call !== null && this.#threads.has(call);
  }

  *take(line: ClaudeLine, offset: number): Generator<SessionEvent, void, void> {
    const agent = this.#agentOf(line, offset);
    const uuid = textField(line.fields, "uuid");
    if (uuid !== null && this.#agentOfLine.size < MAX_LINKS) this.#agentOfLine.set(uuid, agent);
    const thread = this.#threads.get(agent) ?? this.#threadOf(agent);
    this.#threads.set(agent, thread);
    yield* thread.take(line, offset, null);
  }

  /** The session has the result of a subagent: it will say no more. */
  *end(call: string, at: string | null): Generator<SessionEvent, void, void> {
    yield* this.#threads.get(call)?.interrupt(at) ?? [];
  }

  /** A new turn begins. */
  *interrupt(next: string | null): Generator<SessionEvent, void, void> {
    for (const thread of this.#threads.values()) yield* thread.interrupt(next);
    this.#threads.clear();
    this.#agentOfLine.clear();
  }

  /** The range is over. */
  *finish(): Generator<SessionEvent, void, void> {
    for (const thread of this.#threads.values()) yield* thread.finish();
  }

  #agentOf({ fields }: ClaudeLine, offset: number): string {
    const before = this.#agentOfLine.get(textField(fields, "parentUuid") ?? "");
    if (before !== undefined) return before;
    const call = this.#callOf(textOf(fieldsField(fields, "message")?.content));
    return call ?? textField(fields, "agentId") ?? `agent-${offset}`;
  }
}
