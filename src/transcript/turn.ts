// One turn: a prompt and everything up to the next prompt. Its facts make a row of the timeline.
import { z } from "zod";
import type { CommandEvent, SessionEvent } from "../events/event.ts";
import { earlier, later } from "../events/timestamps.ts";
import type { TestRun } from "../evidence/evidence.ts";
import { failedCommand } from "../evidence/failed-commands.ts";
import { mayTouchFiles } from "../evidence/files/file-commands.ts";
import { LogOnlyFiles } from "../evidence/files/log-only-files.ts";
import { commandItems, editItems, rewindItems } from "../evidence/files/timeline.ts";
import { CommitClaims, remainingClaims } from "../evidence/git/commit-claims.ts";
import { readCommand } from "../evidence/shell/read-command.ts";
import { readTests } from "../evidence/tests/test-runs.ts";
import { detachStrings } from "../system/memory.ts";

/** The most file names kept for a turn, and for a session. */
export const MAX_FILES = 10_000;
/** The most names in each list of a timeline row. Beyond it only the count grows. */
export const MAX_NAMES = 6;
const MAX_FAILED = 2;
/** In characters. The turn's page shows the full text. */
const MAX_PROMPT = 600;
const MAX_TEXT = 160;

const text = z.string().max(MAX_PROMPT + 1);
const count = z.int().nonnegative();

export const turnFacts = z.strictObject({
  /** The number of the prompt in the session, from 1; 0 for what precedes the first prompt. */
  ordinal: count,
  /** The beginning of the prompt; null before the first prompt. */
  prompt: text.nullable(),
  startedAt: text.nullable(),
  endedAt: text.nullable(),
  commands: count,
  /** Files changed by edits and commands, relative to the session's working directory. */
  files: z.strictObject({ names: z.array(text).max(MAX_NAMES), count }),
  tests: z.strictObject({
    runs: z.array(z.strictObject({ cmd: text, result: z.enum(["pass", "fail", "unknown"]) })).max(MAX_NAMES),
    count,
  }),
  commits: z.strictObject({ made: z.array(z.strictObject({ hash: text, message: text })).max(MAX_NAMES), count }),
  failed: z.strictObject({ commands: z.array(text).max(MAX_FAILED), count }),
});

export type TurnFacts = z.output<typeof turnFacts>;

export interface TurnSummary {
  facts: TurnFacts;
  /** All files the log shows as changed, up to `MAX_FILES`. */
  files: readonly string[];
}

export class Turn {
  readonly #ordinal: number;
  #prompt: string | null = null;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #commands = 0;
  readonly #files: LogOnlyFiles;
  readonly #tests: TestRun[] = [];
  #testRuns = 0;
  readonly #failed: string[] = [];
  #failures = 0;
  readonly #claims = new CommitClaims();

  constructor(ordinal: number, cwd: string | null) {
    this.#ordinal = ordinal;
    this.#files = new LogOnlyFiles(cwd, MAX_FILES);
  }

  push(event: SessionEvent): void {
    this.#startedAt = earlier(this.#startedAt, event.at);
    this.#endedAt = later(this.#endedAt, event.at);
    if (event.kind === "prompt" && event.agent === null) this.#prompt = clip(event.text, MAX_PROMPT);
    else if (event.kind === "command") this.#command(event);
    else if (event.kind === "edit") this.#files.push(editItems(event));
    else if (event.kind === "rewind") this.#files.push(rewindItems(event));
  }

  summary(): TurnSummary {
    const files = this.#files.paths();
    const commits = remainingClaims(this.#claims.claims).filter(({ hash, hasCommand }) => hash !== null && hasCommand);
    const made = commits
      .slice(0, MAX_NAMES)
      .map(({ hash, subject }) => ({ hash: clip(hash ?? "", 40), message: clip(subject ?? "") }));
    const facts: TurnFacts = {
      ordinal: this.#ordinal,
      prompt: this.#prompt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      commands: this.#commands,
      files: { names: files.slice(0, MAX_NAMES).map((name) => clip(name)), count: files.length },
      tests: { runs: this.#tests, count: this.#testRuns },
      commits: { made, count: commits.length },
      failed: { commands: this.#failed, count: this.#failures },
    };
    return { facts, files };
  }

  #command(event: CommandEvent): void {
    if (event.outcome === "refused") return;
    this.#commands++;
    const run = readCommand(event);
    for (const { cmd, result } of readTests(run)) {
      this.#testRuns++;
      if (this.#tests.length < MAX_NAMES) this.#tests.push({ cmd: clip(cmd), result });
    }
    const claims = this.#claims.push(run);
    if (event.observedChanges !== undefined || run.commands.some(mayTouchFiles)) {
      this.#files.push(commandItems(run, claims));
    } else if (claims.length > 0) this.#files.committed();
    const failed = failedCommand(run);
    if (failed === null) return;
    this.#failures++;
    if (this.#failed.length < MAX_FAILED) this.#failed.push(clip(failed));
  }
}

/** The text, cut to a length. It is a copy that does not keep the original in memory, because rows are held for long. */
export function clip(text: string, length = MAX_TEXT): string {
  const shown = text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
  return detachStrings(shown);
}
