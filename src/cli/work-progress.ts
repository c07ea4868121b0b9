// How far a backfill or a sync is: one line that is drawn over on a terminal, else a line for each run.
import type { ConsolaInstance } from "consola/core";
import { type PlannedRun, pathOf } from "../catch-up/plan.ts";
import type { RunOutcome } from "../catch-up/record-planned.ts";
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { cut, onOneLine } from "./session-lines.ts";
import { isTerminal } from "./terminal.ts";

export interface ProgressOptions {
  env: Environment;
  messages: ConsolaInstance;
  isQuiet: boolean;
}

const CLEAR = "\r\u001b[K";
const REDRAW_MS = 500;
const DEFAULT_COLUMNS = 80;

export class WorkProgress {
  readonly #total: number;
  readonly #options: ProgressOptions;
  readonly #isDrawn: boolean;
  readonly #began = performance.now();
  readonly #underway: string[] = [];
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(total: number, options: ProgressOptions) {
    this.#total = total;
    this.#options = options;
    this.#isDrawn = !options.isQuiet && total > 0 && isTerminal("stderr") && options.env.TERM !== "dumb";
    if (this.#isDrawn) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  readonly begin = (run: PlannedRun) => {
    this.#underway.push(nameOf(run));
    this.#draw();
  };

  readonly end = (run: PlannedRun, outcome: RunOutcome) => {
    const at = this.#underway.indexOf(nameOf(run));
    if (at !== -1) this.#underway.splice(at, 1);
    if (outcome.status !== "halted" && outcome.status !== "abandoned") this.#done += 1;
    // On a terminal the numbers tell what went well, and the table tells the rest.
    if (!this.#isDrawn)
      this.#options.messages.info(`${this.#done}/${this.#total} ${nameOf(run)}: ${wordsFor(outcome)}`);
    this.#draw();
  };

  /** What is said meanwhile goes above the line. */
  above(say: (text: string) => void): (text: string) => void {
    return (text) => {
      this.#clear();
      say(text);
      this.#draw();
    };
  }

  /** Takes the line away; again is no harm. */
  close(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    writeStderr(CLEAR);
  }

  #clear(): void {
    if (this.#timer !== undefined) writeStderr(CLEAR);
  }

  #draw(): void {
    if (this.#timer === undefined) return;
    const columns = Number(this.#options.env.COLUMNS) || process.stderr.columns || DEFAULT_COLUMNS;
    const elapsedMs = performance.now() - this.#began;
    writeStderr(
      `${CLEAR}${cut(progressLine(this.#done, this.#total, elapsedMs, this.#underway[0] ?? ""), columns - 1)}`,
    );
  }
}

/** `12/200  4.5 a minute  about 42 min left  Fix cart` */
export function progressLine(done: number, total: number, elapsedMs: number, label: string): string {
  const perMinute = done / (elapsedMs / 60_000);
  const pace =
    done === 0 ? [] : [`${rate(perMinute)} a minute`, `about ${span(((total - done) / perMinute) * 60)} left`];
  return [`${done}/${total}`, ...pace, label].filter(Boolean).join("  ");
}

function rate(perMinute: number): string {
  return perMinute < 10 ? perMinute.toFixed(1) : perMinute.toFixed(0);
}

function span(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3_600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}

function nameOf({ described }: PlannedRun): string {
  const { label, promptLabel: asked, directory, sessionId } = described;
  return onOneLine(label || asked || directory?.split("/").at(-1) || sessionId || pathOf(described));
}

function wordsFor(outcome: RunOutcome): string {
  switch (outcome.status) {
    case "failed":
      return `failed (${outcome.failure.class})`;
    case "halted":
      return `not evaluated (${outcome.failure.class})`;
    case "damaged":
      return `skipped: ${outcome.problem}`;
    case "exists":
      return "recorded already";
    case "nothing":
      return "nothing happened in it";
    case "busy":
      return "another process is at it";
    case "abandoned":
      return "left for later";
    default:
      return outcome.status;
  }
}
