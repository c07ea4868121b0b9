// Puts a command that outlived its call where it began. Its event comes when it ended, after the replies and commands
// that followed it, so the events since its call are held back: up to the next prompt, and only a bounded amount.
import type { SessionEvent } from "../../events/event.ts";
import { isBefore } from "../../events/timestamps.ts";

const MAX_EVENTS = 2_000;
const MAX_CHARS = 4 * 1024 * 1024;

export class InOrder {
  #held: SessionEvent[] = [];
  #chars = 0;

  /** The events that may be passed on, now that this one was read. `hasRunning`: whether an earlier one may follow. */
  *add(event: SessionEvent, hasRunning: boolean): Generator<SessionEvent, void, void> {
    const isPrompt = event.kind === "prompt" && event.agent === null;
    if (isPrompt || (this.#held.length === 0 && !hasRunning)) {
      yield* this.release();
      yield event;
      return;
    }
    this.#held.splice(this.#placeOf(event), 0, event);
    this.#chars += charsIn(event);
    if (this.#held.length >= MAX_EVENTS || this.#chars >= MAX_CHARS) yield* this.release();
  }

  /** Passes on everything that was held back. */
  *release(): Generator<SessionEvent, void, void> {
    const events = this.#held;
    this.#held = [];
    this.#chars = 0;
    yield* events;
  }

  /** Before the first event that followed the start of the command; at the end for any other event. */
  #placeOf(event: SessionEvent): number {
    const started = event.kind === "command" && event.agent === null ? startOf(event) : null;
    const next = started === null ? -1 : this.#held.findIndex((held) => isLater(held, started));
    return next === -1 ? this.#held.length : next;
  }
}

function isLater(event: SessionEvent, started: string): boolean {
  const at = startOf(event);
  return at !== null && isBefore(started, at);
}

function startOf(event: SessionEvent): string | null {
  return (event.kind === "command" ? (event.calledAt ?? event.startedAt) : null) ?? event.at;
}

function charsIn(event: SessionEvent): number {
  switch (event.kind) {
    case "command":
      return event.command.length + event.output.length;
    case "tool":
      return event.output.length + (event.images ?? []).reduce((sum, { url }) => sum + url.length, 0);
    case "edit":
      return event.changes.reduce((sum, { diff }) => sum + (diff?.length ?? 0), 0);
    default:
      return "text" in event ? event.text.length : 0;
  }
}
