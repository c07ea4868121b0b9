// What a tool's processes tell of its logs while it runs. Codex keeps its rollout open from the first prompt to the
// end, unless its screen has a daemon write it (0.169). Claude Code opens its log for a moment only, but says which
// session it works in.
import { sessionIdOfPath } from "../agents/codex/paths.ts";
import { filesOpenForWriting } from "../system/open-files.ts";

/** At first often, because `codex exec` may be done within a second; a person at a screen takes longer. */
const FAST_MS = 50;
const SLOW_MS = 500;
/** What is seen first may be provisional; until anything is seen, a slow machine may still be bringing the tool up. */
const FAST_FOR_MS = 5_000;
const FAST_UNTIL_SEEN_MS = 60_000;
/** Where looking is dear, the pause after it is so many times as long. */
const FAST_PAUSES = 3;
const SLOW_PAUSES = 50;

/** What is to be seen at one moment; null where the system does not tell. */
export type Look = (signal: AbortSignal) => Promise<readonly string[] | null> | readonly string[] | null;

/** The rollouts that a process writes, or those it started. */
export function rolloutsOf(pid: number): Look {
  return (signal) => filesOpenForWriting(pid, (path) => sessionIdOfPath(path) !== null, signal);
}

/** Looks again and again, and hands on what was not seen before. */
export class LogWatch {
  readonly #seen = new Set<string>();
  readonly #began = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #look: Look;
  readonly #onFound: (found: string[]) => void;
  readonly #stopped = new AbortController();

  constructor(look: Look, onFound: (found: string[]) => void) {
    this.#look = look;
    this.#onFound = onFound;
    this.#later(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  #later(took: number): void {
    const isFast = performance.now() - this.#began < (this.#seen.size === 0 ? FAST_UNTIL_SEEN_MS : FAST_FOR_MS);
    const wait = isFast ? Math.max(FAST_MS, took * FAST_PAUSES) : Math.max(SLOW_MS, took * SLOW_PAUSES);
    this.#timer = setTimeout(() => void this.#scan(), wait);
  }

  async #scan(): Promise<void> {
    const began = performance.now();
    const { signal } = this.#stopped;
    const all = await this.#tell(signal);
    // The system does not tell, or nobody wants to know any more.
    if (all === null || signal.aborted) return;
    const found = all.filter((one) => !this.#seen.has(one));
    for (const one of found) this.#seen.add(one);
    if (found.length > 0) this.#onFound(found);
    this.#later(performance.now() - began);
  }

  /** Whatever keeps us from looking must not end what the person is doing: it is tried again. */
  async #tell(signal: AbortSignal): Promise<readonly string[] | null> {
    try {
      return await this.#look(signal);
    } catch {
      return [];
    }
  }
}
