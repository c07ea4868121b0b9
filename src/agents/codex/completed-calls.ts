/**
 * Calls already told of: whatever else tells of them adds nothing. What a stopped turn left behind may be told of in the
 * next one; beyond that they are forgotten, so that a session may go on for ever.
 */
export class Settled {
  #turn: Set<string>;
  #before: Set<string>;

  constructor(saved?: ReturnType<Settled["save"]>) {
    this.#turn = new Set(saved?.turn);
    this.#before = new Set(saved?.before);
  }

  has(id: string): boolean {
    return this.#turn.has(id) || this.#before.has(id);
  }

  add(id: string): void {
    this.#turn.add(id);
  }

  /** The id is used again: it is only unique within its turn. */
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
