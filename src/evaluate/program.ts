// What a program that evaluates says about itself. How it is found, asked what it can do, kept apart from the user's
// things, timed and cleaned up after is the same for all of them.
import type { RunResult } from "../system/spawn.ts";
import type { FailureClass } from "./failure.ts";
import type { EvaluatorOptions } from "./options.ts";
import type { EvaluationPaths } from "./private-home.ts";

/** What an evaluation takes over from the user's own settings of the program. */
export interface CliSettings {
  /** The model that they name; null leaves it to the program. */
  model: string | null;
  /** Its credentials come from the user's home folder: a program that prints them, a profile. */
  needsHome: boolean;
}

/** A file of the user's with a login in it, and where in the private folder its copy lies. */
export interface Login {
  path: string;
  copy: string;
}

export interface CliEvaluator<Settings extends CliSettings = CliSettings> {
  name: "codex" | "claude";
  /** What to do about a failure, by its class. */
  hints: Partial<Record<FailureClass, string>>;
  /** What it is asked to print the options that an evaluation uses. */
  helpArguments: readonly string[];
  /** Options it is not asked without: nothing else holds it to an answer, or away from the user's things. */
  required: readonly string[];
  /** Options passed where the installed one has them. */
  optional: readonly string[];
  /** Reads the user's own settings. */
  settings(options: EvaluatorOptions): Promise<Settings>;
  /** The login to lend; null where none is needed, or it is reached in another way. */
  login(options: EvaluatorOptions, settings: Settings): Login | null;
  /** What lies in the private folder besides the login: text by path, folders made for them. */
  files(settings: Settings): Record<string, string>;
  /** Why there is no use in asking it, and what to do; null when there is. */
  preflight(settings: Settings, isLent: boolean, options: EvaluatorOptions): { message: string; hint: string } | null;
  /** The variables it needs besides those that every program does. */
  environment(places: EvaluationPaths, settings: Settings, options: EvaluatorOptions): Record<string, string>;
  arguments(call: CliCall<Settings>): string[];
  /** What it answered; `result` says how it ended. */
  reply(result: RunResult, places: EvaluationPaths): Promise<CliReply>;
}

export interface CliCall<Settings> {
  places: EvaluationPaths;
  settings: Settings;
  options: EvaluatorOptions;
  /** The options that the installed one has. */
  supported: ReadonlySet<string>;
}

/** What an evaluation took, as far as the program tells. */
export interface Usage {
  /** The model that answered. */
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}

export type CliReply =
  | { answer: string; spent: Usage }
  /** `reported` is what the program says went wrong, `failureClass` what the structure of it tells. */
  | { answer: null; reported: string | null; failureClass: FailureClass | null };
