// A conversation is a prompt and all that came of it. Its facts stand in the timeline; its blocks are long gone by then.

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
import { clip, MAX_FAILED, MAX_NAMES, MAX_PROMPT, type TurnFacts } from "./conversation-facts.ts";

/** More files than this are only told of as more. */
export const MAX_FILES = 10_000;

export interface TurnSummary {
  facts: TurnFacts;
  files: readonly string[];
}

export class Turn {
  readonly #ordinal: number;
  #prompt: string | null = null;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #commands = 0;
  readonly #told: LogOnlyFiles;
  readonly #tests: TestRun[] = [];
  #testRuns = 0;
  readonly #failed: string[] = [];
  #failures = 0;
  readonly #claims = new CommitClaims();

  constructor(ordinal: number, cwd: string | null) {
    this.#ordinal = ordinal;
    this.#told = new LogOnlyFiles(cwd, MAX_FILES);
  }

  push(event: SessionEvent): void {
    this.#startedAt = earlier(this.#startedAt, event.at);
    this.#endedAt = later(this.#endedAt, event.at);
    if (event.kind === "prompt" && event.agent === null) this.#prompt = clip(event.text, MAX_PROMPT);
    else if (event.kind === "command") this.#command(event);
    else if (event.kind === "edit") this.#told.push(editItems(event));
    else if (event.kind === "rewind") this.#told.push(rewindItems(event));
  }

  /** What came of it, and every file that was changed by what the log tells, as far as there is room. */
  summary(): TurnSummary {
    const files = this.#told.paths();
    return { facts: this.#facts(files), files };
  }

  #facts(files: readonly string[]): TurnFacts {
    const commits = remainingClaims(this.#claims.claims).filter(({ hash }) => hash !== null);
    return {
      ordinal: this.#ordinal,
      prompt: this.#prompt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      commands: this.#commands,
      files: { names: files.slice(0, MAX_NAMES).map((name) => clip(name)), count: files.length },
      tests: { runs: this.#tests, count: this.#testRuns },
      commits: {
        made: commits
          .slice(0, MAX_NAMES)
          .map(({ hash, subject }) => ({ hash: clip(hash ?? "", 40), message: clip(subject ?? "") })),
        count: commits.length,
      },
      failed: { commands: this.#failed, count: this.#failures },
    };
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
      this.#told.push(commandItems(run, claims));
    } else if (claims.length > 0) this.#told.committed();
    const failed = failedCommand(run);
    if (failed === null) return;
    this.#failures++;
    if (this.#failed.length < MAX_FAILED) this.#failed.push(clip(failed));
  }
}
