// Watches which logs or sessions a running tool uses.
import type { RunWatch } from "../agents/agent.ts";

/** The pauses between observations are short at first, because a headless run may be over within a second. */
const FAST_MS = 50;
const SLOW_MS = 500;
/** The first result may be provisional. Until there is one, a slow machine may still be starting the tool. */
const FAST_FOR_MS = 5_000;
const FAST_UNTIL_FOUND_MS = 60_000;
/** If an observation is slow, the pause after it is this many times as long. */
const FAST_PAUSES = 3;
const SLOW_PAUSES = 50;

/** Observes again and again, and reports each name once. */
export class LogWatch {
  readonly #known = new Set<string>();
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #observe: RunWatch["observe"];
  readonly #onFound: (found: string[]) => void;
  readonly #stopped = new AbortController();

  constructor(observe: RunWatch["observe"], onFound: (found: string[]) => void) {
    this.#observe = observe;
    this.#onFound = onFound;
    this.#schedule(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  #schedule(lastDuration: number): void {
    const elapsed = performance.now() - this.#startedAt;
    const isFast = elapsed < (this.#known.size === 0 ? FAST_UNTIL_FOUND_MS : FAST_FOR_MS);
    const wait = isFast ? Math.max(FAST_MS, lastDuration * FAST_PAUSES) : Math.max(SLOW_MS, lastDuration * SLOW_PAUSES);
    this.#timer = setTimeout(() => void this.#check(), wait);
  }

  async #check(): Promise<void> {
    const startedAt = performance.now();
    const { signal } = this.#stopped;
    // An error must not disturb the person's work: the next observation tries again.
    const all = await Promise.resolve(signal)
      .then(this.#observe)
      .catch((): readonly string[] => []);
    // The system does not show the logs, or the tool has exited.
    if (all === null || signal.aborted) return;
    const found = all.filter((name) => !this.#known.has(name));
    for (const name of found) this.#known.add(name);
    if (found.length > 0) this.#onFound(found);
    this.#schedule(performance.now() - startedAt);
  }
}
