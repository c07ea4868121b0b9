// The logs a tool is seen to write while it runs. Codex keeps its rollout open from the first prompt to the end, unless
// its screen has a daemon write it (0.169).
import { sessionIdOfPath } from "../sessions/codex/paths.ts";
import { filesOpenForWriting } from "../system/open-files.ts";

/** At first often, because `codex exec` may be done within a second; a person at a screen takes longer. */
const FAST_MS = 50;
const SLOW_MS = 500;
const FAST_FOR_MS = 5_000;
/** Where looking is dear, the pause after it is so many times as long. */
const FAST_PAUSES = 3;
const SLOW_PAUSES = 50;

export class LogWatch {
  /** In the order they were seen. */
  readonly logs: string[] = [];
  readonly #began = performance.now();
  #timer: NodeJS.Timeout | undefined;
  readonly #pid: number;
  readonly #onFound: () => void;
  readonly #stopped = new AbortController();

  constructor(pid: number, onFound: () => void) {
    this.#pid = pid;
    this.#onFound = onFound;
    this.#later(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  #later(took: number): void {
    const isFast = this.logs.length === 0 && performance.now() - this.#began < FAST_FOR_MS;
    const wait = isFast ? Math.max(FAST_MS, took * FAST_PAUSES) : Math.max(SLOW_MS, took * SLOW_PAUSES);
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #look(): Promise<void> {
    const began = performance.now();
    const { signal } = this.#stopped;
    // Whatever keeps us from looking must not end what the person is doing: it is tried again.
    const open = await filesOpenForWriting(this.#pid, (path) => sessionIdOfPath(path) !== null, signal).catch(() => []);
    // The system does not tell, or nobody wants to know any more.
    if (open === null || signal.aborted) return;
    const found = open.filter((path) => !this.logs.includes(path));
    this.logs.push(...found);
    if (found.length > 0) this.#onFound();
    this.#later(performance.now() - began);
  }
}
