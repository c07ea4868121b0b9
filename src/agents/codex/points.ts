// Where reading could begin anew: right before a prompt, if nothing is told between that point and the prompt.
import type { SessionEvent } from "../../events/event.ts";
import type { ResumePoint } from "../log-parser.ts";

export class Points {
  #last: ResumePoint | null = null;

  /** A prompt may be told by the record that begins here, or by a later one. */
  mark(point: ResumePoint): void {
    this.#last = point;
  }

  /** What a record told. */
  told([first]: readonly SessionEvent[]): void {
    if (first !== undefined && first.offset !== this.#last?.offset) this.#last = null;
  }

  before(event: SessionEvent): ResumePoint | null {
    return event.kind === "prompt" && event.offset === this.#last?.offset ? this.#last : null;
  }
}
