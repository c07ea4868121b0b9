// A conversation is a prompt and all that came of it. Its facts stand in the timeline; its blocks are long gone by then.
import { endOf } from "../evidence/command-end.ts";
import type { Commit, TestRun } from "../evidence/evidence.ts";
import { readFailure } from "../evidence/failed-commands.ts";
import { CommitClaims, standingClaims } from "../evidence/git/claims.ts";
import { readShell } from "../evidence/shell/shell.ts";
import { readTests } from "../evidence/tests/tests.ts";
import type { CommandEvent, SessionEvent } from "../sessions/events.ts";
import { earlier, later } from "../sessions/instant.ts";
import { shortPath } from "./blocks/block.ts";

/** Bounds of what the timeline can hold; beyond them only the numbers grow. */
const MAX_NAMES = 40;
const MAX_PROMPT = 600;

/** One row of the timeline. */
export interface ConversationFacts {
  /** Which prompt of the session it was, from 1; 0 for what came before the first. */
  ordinal: number;
  /** The beginning of the prompt; null before the first. */
  prompt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  commands: number;
  /** Files that edits changed, from the session's folder. */
  files: { names: string[]; count: number };
  tests: TestRun[];
  commits: Commit[];
  failed: { commands: string[]; count: number };
}

export class Conversation {
  readonly #ordinal: number;
  readonly #cwd: string | null;
  #prompt: string | null = null;
  #startedAt: string | null = null;
  #endedAt: string | null = null;
  #commands = 0;
  readonly #files = new Set<string>();
  readonly #tests: TestRun[] = [];
  readonly #failed: string[] = [];
  #failures = 0;
  readonly #claims = new CommitClaims();

  constructor(ordinal: number, cwd: string | null) {
    this.#ordinal = ordinal;
    this.#cwd = cwd;
  }

  push(event: SessionEvent): void {
    this.#startedAt = earlier(this.#startedAt, event.at);
    this.#endedAt = later(this.#endedAt, event.at);
    if (event.kind === "prompt" && event.agent === null) this.#prompt = event.text.slice(0, MAX_PROMPT);
    else if (event.kind === "command") this.#command(event);
    else if (event.kind === "edit" && event.outcome === "ok") {
      for (const { path, movedTo } of event.changes) this.#files.add(shortPath(movedTo ?? path, this.#cwd));
    }
  }

  facts(): ConversationFacts {
    const commits = standingClaims(this.#claims.claims).flatMap(({ hash, subject }): Commit[] => {
      return hash === null ? [] : [{ hash, message: subject ?? "" }];
    });
    return {
      ordinal: this.#ordinal,
      prompt: this.#prompt,
      startedAt: this.#startedAt,
      endedAt: this.#endedAt,
      commands: this.#commands,
      files: { names: [...this.#files].slice(0, MAX_NAMES), count: this.#files.size },
      tests: this.#tests.slice(0, MAX_NAMES),
      commits: commits.slice(0, MAX_NAMES),
      failed: { commands: this.#failed, count: this.#failures },
    };
  }

  #command(event: CommandEvent): void {
    if (event.outcome === "refused") return;
    this.#commands++;
    const end = endOf(event);
    const commands = readShell(event.command, { status: end, output: event.output });
    this.#tests.push(...readTests(commands, event, end));
    this.#claims.push(commands, event);
    const failure = readFailure(commands, event);
    if (failure === null) return;
    this.#failures++;
    if (this.#failed.length < MAX_NAMES) this.#failed.push(failure.command);
  }
}
