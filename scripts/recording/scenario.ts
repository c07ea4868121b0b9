// What is recorded, as data: a repository, and what the model does in each run.
import type { TestRun, TouchedFiles } from "../../src/evidence/evidence.ts";
import type { Step } from "../../test/clients/script.ts";

export interface Scenario {
  /** The fixture's folder: `<version>` or `<version>-<what>`. */
  name: string;
  version: string;
  model: string;
  /** Top level of the repository, below `/home/dev`. */
  folder: string;
  /** Another work tree of the repository, made by `setup` below `/home/dev`, that the sessions work in. */
  worktree?: string;
  /** Where the sessions start, relative to the top level of the work tree. */
  startIn?: string;
  /** Files of the first commit; without any, the folder is no repository yet. */
  files: Record<string, string>;
  /** Lines of `config.toml` before its first table. */
  settings?: string;
  /** A shell script run in the folder after the first commit and before the first run. */
  setup?: string;
  /** Rules of `~/.codex/rules/default.rules`: which commands are refused. */
  rules?: string;
  runs: readonly [ScenarioRun, ...ScenarioRun[]];
}

/** Another agent of a run, and what it did itself. It is known by the task it is given, by whichever agent. */
export interface Subagent {
  prompt: string;
  /** Whether its own log tells the task as a person's prompt: no version that does has said whose it is. */
  readsAsPrompt?: boolean;
  /** The task of the subagent that began it. */
  of?: string;
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
  /** Runs in a terminal, and not by `codex exec`; further prompts are typed, each after the answer before. */
  terminal?: { typed: readonly string[] };
  /** Ctrl-C after so many milliseconds. */
  interruptAfterMs?: number;
  /** In the order in which they did what is told of them, all of it after what the session did itself. */
  subagents?: readonly Subagent[];
  tests?: readonly TestRun[];
  failedCommands?: readonly string[];
  /** Edits that did not apply: the paths of each. */
  failedEdits?: readonly string[][];
  /** Files outside the repository that the run changed: git does not see them. */
  outside?: Partial<TouchedFiles>;
  /** What the log alone can tell, where it is not what git tells: files, and the subjects of commits. */
  inLog?: { touchedFiles?: Partial<TouchedFiles>; commits?: readonly string[] };
}
