// Records that a rollout holds twice. Codex (0.125) may append a session's history again when it resumes it, with new
// timestamps but the same ids of turns and calls.
import { SeenIds } from "../seen-ids.ts";

/** The model's provider chose a shorter id, such as `call_1`: it may use it again in another turn. */
const MIN_UNIQUE_ID = 20;

export class Repeats {
  readonly #turns = new SeenIds();
  readonly #calls = new SeenIds();
  #turn: string | null = null;
  #isOver = false;
  #isRepeating = false;

  /**
   * Whether the current turn repeats an earlier one: its messages, which have no ids, were read before. This ends with
   * the turn, because some versions write a prompt before its turn begins.
   */
  get isRepeating(): boolean {
    return this.#isRepeating;
  }

  beginTurn(turn: string | null): void {
    const isCurrent = turn !== null && turn === this.#turn;
    if (isCurrent && !this.#isOver) return;
    this.#isRepeating = turn !== null && !this.#turns.isNew(turn);
    this.#turn = turn;
    this.#isOver = false;
  }

  endTurn(): void {
    this.#isOver = true;
    this.#isRepeating = false;
  }

  /** Whether a record about a call is the first with this id; `source` tells the call and the items about it apart. */
  isNewCall(source: string, id: string, turn: string | null, at: string | null): boolean {
    const scope = id.length >= MIN_UNIQUE_ID ? "" : (turn ?? at ?? "");
    return this.#calls.isNew(`${source} ${scope} ${id}`);
  }
}
