// Whether Codex is at work in a project beside a run. The daemon of Codex (0.169) writes the logs of all screens, and no
// log says of which: what was begun meanwhile is surely the run's only where nobody else was there.

import { findPrograms, type RunningProgram } from "../system/find-processes.ts";
import { insideRoot } from "../system/paths.ts";

/** Nobody opens Codex, has it do something and closes it in a shorter time. */
const PAUSE_MS = 2_000;

/** Every Codex beside a run, whose process is given; null where the system does not tell. */
export function codexBeside(tool: number): () => RunningProgram[] | null {
  return () => findPrograms("codex", tool);
}

export class ConcurrencyWatch {
  readonly #look: () => readonly RunningProgram[] | null;
  readonly #root: string;
  readonly #timer: NodeJS.Timeout;
  #isAlone = true;

  constructor(look: () => readonly RunningProgram[] | null, root: string) {
    this.#look = look;
    this.#root = root;
    this.#timer = setInterval(() => this.#watch(), PAUSE_MS);
    this.#watch();
  }

  /** Nobody wants to know any more. */
  stop(): void {
    clearInterval(this.#timer);
    this.#isAlone = false;
  }

  /** Looks a last time; whether nobody else was ever seen. False where the system does not tell. */
  finish(): boolean {
    this.#watch();
    const isAlone = this.#isAlone;
    this.stop();
    return isAlone;
  }

  #watch(): void {
    if (this.#isAlone) this.#isAlone = this.#isNobodyThere();
  }

  /** Whatever keeps us from looking must not end what the person is doing: then nobody knows. */
  #isNobodyThere(): boolean {
    try {
      // What works for others in the background, as the daemon and what editors start, tells in its logs that it does.
      const screens = this.#look()?.filter(({ args }) => !args.includes("app-server"));
      return screens?.every(({ cwd }) => !insideRoot(this.#root, cwd)) ?? false;
    } catch {
      return false;
    }
  }
}
