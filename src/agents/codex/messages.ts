// Prompts, replies, reasoning and searches. Codex writes each as up to three kinds of record; it becomes one event.
import type { NoticeEvent, SessionEvent } from "../../events/event.ts";
import { type Fields, numberField, textField } from "../fields.ts";
import type { Prompt } from "./prompts.ts";

/** The fields of every event of a session's own log. */
export interface EventBase {
  at: string | null;
  offset: number;
  turn: string | null;
  agent: null;
}

/** The kind of record: an `event_msg`, an item of `item_completed`, or a `response_item`. */
export type Source = "event" | "item" | "response";

type MessageKind = "prompt" | "reply" | "thinking";

export class Messages {
  readonly #prompts = new Deduplicator();
  readonly #replies = new Deduplicator();
  readonly #thoughts = new Deduplicator();
  readonly #searches = new Deduplicator();
  /** User messages to the model that no event or item has confirmed yet as a prompt. */
  #unconfirmed: SessionEvent[] = [];
  /**
   * Kinds that the log writes as events or items: a `response_item` without such a record was then not shown to the
   * person.
   */
  readonly #confirmed: Set<MessageKind>;
  /** The request of the review in progress, empty before it is known; null outside of reviews. */
  #review: string | null;

  constructor(confirmed: readonly MessageKind[] = [], isReview = false) {
    this.#confirmed = new Set(confirmed);
    this.#review = isReview ? "" : null;
  }

  get isReview(): boolean {
    return this.#review !== null;
  }

  set isReview(isReview: boolean) {
    this.#review = isReview ? "" : null;
  }

  get confirmed(): MessageKind[] {
    return [...this.#confirmed];
  }

  get hasUnconfirmed(): boolean {
    return this.#unconfirmed.length > 0;
  }

  /** Whether the log writes this kind as events or items, so that a `response_item` adds nothing. */
  isConfirmed(kind: MessageKind): boolean {
    return this.#confirmed.has(kind);
  }

  /** Whether the next message is independent of all earlier ones. */
  get isIdle(): boolean {
    return !this.hasUnconfirmed && this.#deduplicators.every(({ isEmpty }) => isEmpty);
  }

  get #deduplicators(): Deduplicator[] {
    return [this.#prompts, this.#replies, this.#thoughts, this.#searches];
  }

  beginTurn(): void {
    for (const each of this.#deduplicators) each.clear();
  }

  prompt(source: Source, prompt: Prompt | null, base: EventBase): SessionEvent[] {
    const isTrusted = this.#isTrusted("prompt", source);
    if (source !== "response") this.#unconfirmed = [];
    if (prompt === null || !isTrusted || this.#repeatsReviewRequest(source, prompt)) return [];
    const event: SessionEvent = { kind: "prompt", ...base, text: prompt.text, images: prompt.images };
    if (source === "response") {
      this.#unconfirmed.push(event);
      return [];
    }
    return this.#prompts.isNew(source, prompt.text) ? [event] : [];
  }

  /** Versions without items write the request of a review twice, as the same event. */
  #repeatsReviewRequest(source: Source, { text }: Prompt): boolean {
    if (this.#review === null || source !== "event") return false;
    const isRepeated = text !== "" && text === this.#review;
    this.#review = text;
    return isRepeated;
  }

  /**
   * Called when the model begins to answer. No later event can confirm the messages before the answer, so they count as
   * prompts.
   */
  flush(): SessionEvent[] {
    const prompts = this.#unconfirmed;
    this.#unconfirmed = [];
    return prompts;
  }

  reply(source: Source, text: string, base: EventBase): SessionEvent[] {
    const isNew = this.#isTrusted("reply", source) && text.trim() !== "" && this.#replies.isNew(source, text);
    return [...this.flush(), ...(isNew ? [{ kind: "reply", ...base, text } as const] : [])];
  }

  thinking(source: Source, text: string, base: EventBase): SessionEvent[] {
    const isNew = this.#isTrusted("thinking", source) && text.trim() !== "" && this.#thoughts.isNew(source, text);
    return [...this.flush(), ...(isNew ? [{ kind: "thinking", ...base, text } as const] : [])];
  }

  search(source: Source, query: string, base: EventBase): SessionEvent[] {
    const isNew = query.trim() !== "" && this.#searches.isNew(source, query);
    return [...this.flush(), ...(isNew ? [{ kind: "search", ...base, query } as const] : [])];
  }

  #isTrusted(kind: MessageKind, source: Source): boolean {
    if (source !== "response") this.#confirmed.add(kind);
    return source !== "response" || !this.isConfirmed(kind);
  }
}

/**
 * Recognizes texts that several kinds of record repeat, in any order. A text is new if this kind of record now has it
 * more often than any other kind: two kinds with the text once each are one text, one kind with it twice is two.
 */
class Deduplicator {
  readonly #counts = new Map<string, { most: number; bySource: Record<string, number> }>();

  isNew(source: Source, text: string): boolean {
    const key = text.trim();
    const count = this.#counts.get(key) ?? { most: 0, bySource: {} };
    this.#counts.set(key, count);
    const bySource = (count.bySource[source] ?? 0) + 1;
    count.bySource[source] = bySource;
    if (bySource <= count.most) return false;
    count.most = bySource;
    return true;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  /** Codex repeats a text only within a turn. */
  clear(): void {
    this.#counts.clear();
  }
}

/** The notice of a stopped turn, a rollback, an error or a warning. */
export function noticeOf(type: string, payload: Fields, base: EventBase): NoticeEvent {
  const level = type === "error" || type === "stream_error" ? "error" : "info";
  return { kind: "notice", ...base, level, text: noticeText(type, payload) };
}

function noticeText(type: string, payload: Fields): string {
  if (type === "turn_aborted") return `turn ended: ${textField(payload, "reason") ?? "aborted"}`;
  if (type === "thread_rolled_back") return `rolled back ${numberField(payload, "num_turns") ?? "some"} turns`;
  return textField(payload, "message") ?? type;
}
