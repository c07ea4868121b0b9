/**
 * The ids of calls that already became events: later records about them add nothing. Records about a stopped turn may
 * follow in the next turn; older ids are forgotten, so that memory stays bounded in long sessions.
 */
export class CompletedCalls {
  #turn: Set<string>;
  #before: Set<string>;

  constructor(saved?: ReturnType<CompletedCalls["save"]>) {
    this.#turn = new Set(saved?.turn);
    this.#before = new Set(saved?.before);
  }

  has(id: string): boolean {
    return this.#turn.has(id) || this.#before.has(id);
  }

  add(id: string): void {
    this.#turn.add(id);
  }

  /** Forgets an id because a new call uses it: ids are only unique within a turn. */
  delete(id: string): void {
    this.#turn.delete(id);
    this.#before.delete(id);
  }

  beginTurn(): void {
    this.#before = this.#turn;
    this.#turn = new Set();
  }

  save(): { turn: string[]; before: string[] } {
    return { turn: [...this.#turn], before: [...this.#before] };
  }
}
