// What the processes of a running Codex show about its logs. Codex keeps its rollout open from the first prompt to the
// end, unless a daemon writes it for the terminal UI (0.169). One daemon writes the logs of all terminal UIs, and no
// log says to which of them it belongs. A new log surely belongs to the run only if no other Codex worked in the
// project.

import { findPrograms, type RunningProgram } from "../../system/find-processes.ts";
import { filesOpenForWriting } from "../../system/open-files.ts";
import { insideRoot } from "../../system/paths.ts";
import type { RunWatch } from "../agent.ts";
import type { BindableRun } from "../binding.ts";
import { sessionIdOfPath } from "./paths.ts";

/** Nobody starts Codex, gives it a task and closes it in a shorter time than this. */
const INTERVAL_MS = 2_000;

export function watchRun(run: BindableRun, pid: number): RunWatch {
  const concurrency = new ConcurrencyWatch(() => findPrograms("codex", pid), run.root);
  return {
    observe: openRollouts(pid),
    found(paths) {
      run.logs.push(...paths);
      // Whether another Codex ran in the project matters only if a daemon writes the log.
      concurrency.stop();
    },
    stop() {
      run.alone = concurrency.finish();
    },
  };
}

/** The rollouts that a process, or one it started, has open for writing. */
export function openRollouts(pid: number): RunWatch["observe"] {
  return (signal) => filesOpenForWriting(pid, (path) => sessionIdOfPath(path) !== null, signal);
}

/** Watches whether another Codex works in a project. */
export class ConcurrencyWatch {
  readonly #listPrograms: () => readonly RunningProgram[] | null;
  readonly #root: string;
  readonly #timer: NodeJS.Timeout;
  #isAlone = true;

  constructor(listPrograms: () => readonly RunningProgram[] | null, root: string) {
    this.#listPrograms = listPrograms;
    this.#root = root;
    this.#timer = setInterval(() => this.#check(), INTERVAL_MS);
    this.#check();
  }

  /** Stops watching, without a result. */
  stop(): void {
    clearInterval(this.#timer);
    this.#isAlone = false;
  }

  /**
   * Checks a last time. Returns true if no other Codex was ever seen; false where the system does not show processes.
   */
  finish(): boolean {
    this.#check();
    const isAlone = this.#isAlone;
    this.stop();
    return isAlone;
  }

  #check(): void {
    if (this.#isAlone) this.#isAlone = this.#isNoneRunning();
  }

  /** An error here must not disturb the person's work: another Codex is then assumed to run. */
  #isNoneRunning(): boolean {
    try {
      // `app-server` processes work for the daemon and for editors; their logs say so.
      const screens = this.#listPrograms()?.filter(({ args }) => !args.includes("app-server"));
      return screens?.every(({ cwd }) => !insideRoot(this.#root, cwd)) ?? false;
    } catch {
      return false;
    }
  }
}
