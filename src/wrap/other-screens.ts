// Whether Codex is at work in a project beside a run. The daemon of Codex (0.169) writes the logs of all screens, and no
// log says of which: what was begun meanwhile is surely the run's only where nobody else was there.
import { relative } from "node:path";
import { programsAtWork } from "../system/programs-at-work.ts";

/** Nobody opens Codex, has it do something and closes it in a shorter time. */
const PAUSE_MS = 2_000;

export class OtherScreens {
  readonly #tool: number;
  readonly #root: string;
  readonly #timer: NodeJS.Timeout;
  #isAlone = true;

  /** `tool`: the process of the run. */
  constructor(tool: number, root: string) {
    this.#tool = tool;
    this.#root = root;
    this.#timer = setInterval(() => this.#look(), PAUSE_MS);
    this.#look();
  }

  /** Looks a last time; whether nobody else was ever seen. False where the system does not tell. */
  finish(): boolean {
    clearInterval(this.#timer);
    this.#look();
    return this.#isAlone;
  }

  #look(): void {
    if (!this.#isAlone) return;
    const all = programsAtWork("codex", this.#tool);
    // What works for others in the background, as the daemon and what editors start, tells in its logs that it does.
    const others = all?.filter(({ args, folder }) => !args.includes("app-server") && isWithin(folder, this.#root));
    if (others === undefined || others.length > 0) this.#isAlone = false;
  }
}

function isWithin(folder: string, root: string): boolean {
  return !/^\.\.(\/|$)/.test(relative(root, folder));
}
