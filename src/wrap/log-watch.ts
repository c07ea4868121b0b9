// The logs a tool is seen to write while it runs. Codex keeps its rollout open from the first prompt to the end, unless
// its screen has a daemon write it (0.169).
import { sessionIdOfPath } from "../sessions/codex/paths.ts";
import { filesOpenForWriting } from "../system/open-files.ts";

/** At first often, because `codex exec` may be done within a second; a person at a screen takes longer. */
const FAST_MS = 50;
const SLOW_MS = 500;
const FAST_SCANS = 100;

export class LogWatch {
  /** In the order they were seen. */
  readonly logs: string[] = [];
  #scans = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #pid: number;
  readonly #onFound: () => void;

  constructor(pid: number, onFound: () => void) {
    this.#pid = pid;
    this.#onFound = onFound;
    this.#later();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #later(): void {
    const isFast = this.logs.length === 0 && this.#scans < FAST_SCANS;
    this.#timer = setTimeout(() => this.#look(), isFast ? FAST_MS : SLOW_MS);
  }

  #look(): void {
    const open = filesOpenForWriting(this.#pid, (path) => sessionIdOfPath(path) !== null);
    // The system does not tell.
    if (open === null) return;
    this.#scans += 1;
    const found = open.filter((path) => !this.logs.includes(path));
    this.logs.push(...found);
    if (found.length > 0) this.#onFound();
    this.#later();
  }
}
