// A scenario to record: a repository, and what the model does in each run.
import type { TestRun, TouchedFiles } from "../../src/evidence/evidence.ts";
import type { Step } from "../../test/clients/script.ts";

export interface Scenario {
  /** The fixture's folder: `<version>` or `<version>-<what>`. */
  name: string;
  version: string;
  model: string;
  /** The top level of the repository, in `/home/dev`. */
  folder: string;
  /** A linked worktree in `/home/dev` that the sessions use. Created by `setup`. */
  worktree?: string;
  /** Where the sessions start, relative to the top level of the worktree. */
  startIn?: string;
  /** Files of the first commit. Without any, the folder is not a repository yet. */
  files: Record<string, string>;
  /** Lines of `config.toml` that come before its first table. */
  settings?: string;
  /** A shell script run in the folder after the first commit and before the first run. */
  setup?: string;
  /** The content of `~/.codex/rules/default.rules`, which says what commands are refused. */
  rules?: string;
  runs: readonly [ScenarioRun, ...ScenarioRun[]];
}

/** A subagent of a run, and what it did itself. It is identified by its task. */
export interface Subagent {
  prompt: string;
  /**
   * Whether its log contains the task as a user prompt and does not name the agent that gave it. Older versions log
   * like this.
   */
  taskIsPrompt?: boolean;
  /** The task of the subagent that started it. */
  parent?: string;
  steps: readonly [Step, ...Step[]];
  tests?: readonly TestRun[];
  failedCommands?: readonly string[];
  failedEdits?: readonly string[][];
  touchedFiles?: Partial<TouchedFiles>;
  /** The subjects of its commits. */
  commits?: readonly string[];
}

export interface ScenarioRun {
  prompt: string;
  /** How the run relates to the first session. Default: `new` for the first run, `resume` after that. */
  session?: "new" | "resume" | "fork" | "review";
  /** Flags of `codex exec`. */
  flags?: readonly string[];
  steps: readonly [Step, ...Step[]];
  /** Runs in a terminal instead of with `codex exec`. Each further prompt is typed after the previous answer. */
  terminal?: { typed: readonly string[] };
  /** Sends Ctrl-C after this time. */
  interruptAfterMs?: number;
  /** In the order in which they acted, after everything the session itself did. */
  subagents?: readonly Subagent[];
  tests?: readonly TestRun[];
  failedCommands?: readonly string[];
  /** The paths of each edit that did not apply. */
  failedEdits?: readonly string[][];
  /** Files outside the repository that the run changed. Git does not see them. */
  outside?: Partial<TouchedFiles>;
  /** Files and commit subjects as the log alone shows them, where that differs from git. */
  inLog?: { touchedFiles?: Partial<TouchedFiles>; commits?: readonly string[] };
}
