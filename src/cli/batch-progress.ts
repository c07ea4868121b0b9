// The progress of a backfill or a sync: one line that is redrawn on a terminal, or else a line for each run.
import type { ConsolaInstance } from "consola/core";
import { type PlannedRun, pathOf } from "../catch-up/planned-run.ts";
import type { RunOutcome } from "../catch-up/record-planned.ts";
import type { Environment } from "../system/paths.ts";
import { writeStderr } from "../system/stderr.ts";
import { singleLine, truncate } from "./session-lines.ts";
import { isTerminal } from "./terminal.ts";

export interface ProgressOptions {
  env: Environment;
  messages: ConsolaInstance;
  isQuiet: boolean;
}

/** Moves the cursor to the start of the line and clears the line. */
const CLEAR = "\r\u001b[K";
const REDRAW_MS = 500;
const DEFAULT_COLUMNS = 80;

export class BatchProgress {
  readonly #total: number;
  readonly #options: ProgressOptions;
  readonly #isDrawn: boolean;
  readonly #start = performance.now();
  readonly #running: string[] = [];
  #done = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(total: number, options: ProgressOptions) {
    this.#total = total;
    this.#options = options;
    this.#isDrawn = !options.isQuiet && total > 0 && isTerminal("stderr") && options.env.TERM !== "dumb";
    if (this.#isDrawn) this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  readonly begin = (run: PlannedRun) => {
    this.#running.push(nameOf(run));
    this.#draw();
  };

  readonly end = (run: PlannedRun, outcome: RunOutcome) => {
    const name = nameOf(run);
    const at = this.#running.indexOf(name);
    if (at !== -1) this.#running.splice(at, 1);
    if (outcome.status !== "halted" && outcome.status !== "abandoned") this.#done += 1;
    // On a terminal the table at the end says what failed.
    if (!this.#isDrawn)
      this.#options.messages.info(`${this.#done} of ${this.#total} runs: ${name}: ${describe(outcome)}`);
    this.#draw();
  };

  /** Wraps a function that prints, so that its text appears above the progress line. */
  above(print: (text: string) => void): (text: string) => void {
    return (text) => {
      if (this.#timer !== undefined) writeStderr(CLEAR);
      print(text);
      this.#draw();
    };
  }

  /** Removes the progress line. May be called again. */
  close(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    writeStderr(CLEAR);
  }

  #draw(): void {
    if (this.#timer === undefined) return;
    const columns = Number(this.#options.env.COLUMNS) || process.stderr.columns || DEFAULT_COLUMNS;
    const elapsedMs = performance.now() - this.#start;
    const line = progressLine(this.#done, this.#total, elapsedMs, this.#running[0] ?? "");
    writeStderr(CLEAR + truncate(line, columns - 1));
  }
}

/** `12 of 200 runs  4.5/min  about 42 min left  Fix cart` */
export function progressLine(done: number, total: number, elapsedMs: number, label: string): string {
  const perMinute = done / (elapsedMs / 60_000);
  const left = ((total - done) / perMinute) * 60;
  const rate = perMinute.toFixed(perMinute < 10 ? 1 : 0);
  const pace = done === 0 ? [] : [`${rate}/min`, `about ${duration(left)} left`];
  return [`${done} of ${total} runs`, ...pace, label].filter(Boolean).join("  ");
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3_600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}

function nameOf({ described }: PlannedRun): string {
  const { label, promptLabel, directory, sessionId } = described;
  return singleLine(label || promptLabel || directory?.split("/").at(-1) || sessionId || pathOf(described));
}

function describe(outcome: RunOutcome): string {
  switch (outcome.status) {
    case "failed":
      return `failed (${outcome.failure.class})`;
    case "halted":
      return `not evaluated (${outcome.failure.class})`;
    case "damaged":
      return `skipped: ${outcome.problem}`;
    case "exists":
      return "already recorded";
    case "nothing":
      return "empty";
    case "busy":
      return "being recorded by another process";
    case "abandoned":
      return "interrupted";
    default:
      return outcome.status;
  }
}
