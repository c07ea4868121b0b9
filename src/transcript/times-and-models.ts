import { z } from "zod";
import type { SessionEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import { clip } from "./turn.ts";

const MAX_MODELS = 20;
const MAX_WORD = 1_000;
const word = z.string().max(MAX_WORD).nullable();

export const timesAndModelsState = z.strictObject({
  /** The current model of the session itself. */
  model: word,
  /** All models used, including those of subagents. */
  models: z.array(z.string().max(MAX_WORD)).max(MAX_MODELS),
  startedAt: word,
  endedAt: word,
});

export type TimesAndModelsState = z.output<typeof timesAndModelsState>;

/** Collects the times and models of the events so far. */
export class TimesAndModels {
  #model: string | null;
  readonly #models: Set<string>;
  #startedAt: string | null;
  #endedAt: string | null;

  constructor(saved?: TimesAndModelsState) {
    this.#model = saved?.model ?? null;
    this.#models = new Set(saved?.models);
    this.#startedAt = saved?.startedAt ?? null;
    this.#endedAt = saved?.endedAt ?? null;
  }

  /** Returns whether the event is to be shown: a model event only if it changes the model of the session itself. */
  push(event: SessionEvent): boolean {
    this.#startedAt = earlier(this.#startedAt, event.at);
    this.#endedAt = later(this.#endedAt, event.at);
    if (event.kind !== "model") return true;
    if (this.#models.size < MAX_MODELS) this.#models.add(clip(event.model));
    if (event.agent !== null) return false;
    const before = this.#model;
    this.#model = event.model;
    return before !== null && before !== event.model;
  }

  get state(): TimesAndModelsState {
    return { model: this.#model, models: [...this.#models], startedAt: this.#startedAt, endedAt: this.#endedAt };
  }
}
