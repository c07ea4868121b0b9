// Prompts, replies, reasoning and searches, each told by up to three kinds of record and reported once.
import type { SessionEvent } from "../../events/event.ts";
import { Echoes } from "./echoes.ts";
import type { Prompt } from "./prompts.ts";

/** Where in the log, and when. */
export interface Place {
  at: string | null;
  offset: number;
  turn: string | null;
  agent: null;
}

/** The kind of record that tells: an `event_msg`, an item of `item_completed`, or a `response_item`. */
export type Source = "event" | "item" | "response";

type Confirmed = "prompt" | "reply" | "thinking";

export class Conversation {
  readonly #prompts = new Echoes();
  readonly #replies = new Echoes();
  readonly #thoughts = new Echoes();
  readonly #searches = new Echoes();
  /** Messages in the person's name that no event or item has told of yet. */
  #unconfirmed: SessionEvent[] = [];
  /** What the log tells of by events or items: a `response_item` alone is then only between Codex and the model. */
  readonly #confirmed: Set<Confirmed>;

  /** What a review was asked for, while one goes on; empty before that is known. */
  #review: string | null;

  constructor(confirmed: readonly Confirmed[] = [], isReview = false) {
    this.#confirmed = new Set(confirmed);
    this.#review = isReview ? "" : null;
  }

  get isReview(): boolean {
    return this.#review !== null;
  }

  set isReview(isReview: boolean) {
    this.#review = isReview ? "" : null;
  }

  get confirmed(): Confirmed[] {
    return [...this.#confirmed];
  }

  /** Whether no message waits for an event that tells whose it is. */
  get nothingWaits(): boolean {
    return this.#unconfirmed.length === 0;
  }

  /** Whether events or items tell of it, so that a `response_item` tells nothing. */
  isConfirmed(kind: Confirmed): boolean {
    return this.#confirmed.has(kind);
  }

  /** Whether what comes next depends on nothing that was said before. */
  get isAtRest(): boolean {
    return this.nothingWaits && this.#echoes.every(({ isEmpty }) => isEmpty);
  }

  get #echoes(): Echoes[] {
    return [this.#prompts, this.#replies, this.#thoughts, this.#searches];
  }

  beginTurn(): void {
    for (const echoes of this.#echoes) echoes.clear();
  }

  prompt(source: Source, prompt: Prompt | null, place: Place): SessionEvent[] {
    const trusted = this.#trusts("prompt", source);
    if (source !== "response") this.#unconfirmed = [];
    if (prompt === null || !trusted || this.#isAskedAgain(source, prompt)) return [];
    const event: SessionEvent = { kind: "prompt", ...place, text: prompt.text, images: prompt.images };
    if (source === "response") {
      this.#unconfirmed.push(event);
      return [];
    }
    return this.#prompts.isNew(source, prompt.text) ? [event] : [];
  }

  /** What a review was asked for is told twice by the same event, in versions that have no items. */
  #isAskedAgain(source: Source, { text }: Prompt): boolean {
    if (this.#review === null || source !== "event") return false;
    const isAgain = text !== "" && text === this.#review;
    this.#review = text;
    return isAgain;
  }

  /** The model begins to answer: no event will come any more for the messages it answers. */
  flush(): SessionEvent[] {
    const prompts = this.#unconfirmed;
    this.#unconfirmed = [];
    return prompts;
  }

  reply(source: Source, text: string, place: Place): SessionEvent[] {
    const said = this.#trusts("reply", source) && text.trim() !== "" && this.#replies.isNew(source, text);
    return [...this.flush(), ...(said ? [{ kind: "reply", ...place, text } as const] : [])];
  }

  thinking(source: Source, text: string, place: Place): SessionEvent[] {
    const thought = this.#trusts("thinking", source) && text.trim() !== "" && this.#thoughts.isNew(source, text);
    return [...this.flush(), ...(thought ? [{ kind: "thinking", ...place, text } as const] : [])];
  }

  search(source: Source, query: string, place: Place): SessionEvent[] {
    const sought = query.trim() !== "" && this.#searches.isNew(source, query);
    return [...this.flush(), ...(sought ? [{ kind: "search", ...place, query } as const] : [])];
  }

  #trusts(kind: Confirmed, source: Source): boolean {
    if (source !== "response") this.#confirmed.add(kind);
    return source !== "response" || !this.isConfirmed(kind);
  }
}
