// What an evaluator is given and returns, and what an evaluator that runs a command-line tool must provide.
import type { Environment } from "../system/paths.ts";
import type { RunResult } from "../system/spawn.ts";
import type { Description } from "./description.ts";
import type { Failure, FailureClass } from "./failure.ts";

/** Which evaluator wrote an entry, and what that took; stored in the entry as it is. */
export interface EvaluatorRecord {
  name: string;
  model: string | null;
  version: string | null;
  /** Null for `builtin`, which reads no digest. */
  digest: "full" | "budget" | null;
  input_tokens: number | null;
  output_tokens: number | null;
  /** The tool's own estimate in US dollars; absent if it gives none. */
  cost_usd?: number;
  duration_ms: number;
}

export interface Evaluation {
  description: Description;
  evaluator: EvaluatorRecord;
  /** How many secrets were removed from the digest and from the answer. */
  redactions: number;
}

export type EvaluationResult = { ok: true; evaluation: Evaluation } | { ok: false; failure: Failure };

export interface EvaluatorOptions {
  /** A name to look up in `PATH`, or a path. */
  command: string;
  /** Null: the model that the user's settings of the tool name. */
  model: string | null;
  /** The limit for both attempts together. A retry after a timeout gets as much again. */
  timeoutMs: number;
  /** Retry a digest that timed out once, with a much shorter digest. */
  retriesTimeout?: boolean | undefined;
  env: Environment;
  home: string;
  platform?: NodeJS.Platform;
}

/** The folders of one evaluation. */
export interface EvaluationPaths {
  /** The private folder (0700) in the user's cache. */
  folder: string;
  /** Inside `folder`: the home folder of a tool that works without the user's. */
  home: string;
  /** In the system's temporary folder, where paths are short. */
  temporary: string;
  /** Inside `temporary`: the empty working folder. */
  work: string;
}

/** What an evaluation takes from the user's own settings of the tool. */
export interface CliSettings {
  /** The model that they name; null if they name none. */
  model: string | null;
  /** The credentials come from the user's home folder: from a program that prints them, or from a profile. */
  needsHome: boolean;
}

/** The user's credentials file, and the path of its copy in the private folder. */
export interface Login {
  path: string;
  copy: string;
}

/**
 * An evaluator that runs a command-line tool. How the executable is found, probed, isolated, timed and cleaned up
 * after is the same for every tool: see cli-evaluation.ts.
 */
export interface CliEvaluator<Settings extends CliSettings = CliSettings> {
  name: string;
  /** What the user can do about a failure, by class. */
  hints: Partial<Record<FailureClass, string>>;
  /** Arguments that print the options of the command that an evaluation runs. */
  helpArguments: readonly string[];
  /** Options without which the tool is not run: they force an answer in our schema, or isolate the tool. */
  required: readonly string[];
  /** Options that are passed if the installed version has them. */
  optional: readonly string[];
  /** Reads the user's own settings. */
  settings(options: EvaluatorOptions): Promise<Settings>;
  /** The login to copy; null if none is needed, or the tool reaches it in another way. */
  login(options: EvaluatorOptions, settings: Settings): Login | null;
  /** The other files of the private folder: text by relative path. */
  files(settings: Settings): Record<string, string>;
  /** Why a run is certain to fail, and what to do; null if it may work. */
  preflight(settings: Settings, hasLogin: boolean, options: EvaluatorOptions): { message: string; hint: string } | null;
  /** The tool's own environment variables, besides those that every tool gets. */
  environment(paths: EvaluationPaths, settings: Settings, options: EvaluatorOptions): Record<string, string>;
  arguments(call: CliCall<Settings>): string[];
  /** Reads the answer of a run that ended with `result`. */
  reply(result: RunResult, paths: EvaluationPaths): Promise<CliReply>;
}

export interface CliCall<Settings> {
  paths: EvaluationPaths;
  settings: Settings;
  options: EvaluatorOptions;
  /** The options that the installed version has. */
  supported: ReadonlySet<string>;
}

/** What an evaluation used, as the tool reports it; null where it reports nothing. */
export interface Usage {
  /** The model that answered. */
  model: string | null;
  inputTokens: number | null;
  outputTokens: number | null;
  costUsd: number | null;
}

export type CliReply =
  | { answer: string; usage: Usage }
  /** `reported` is the tool's own error message; `failureClass` is null where only that message tells the class. */
  | { answer: null; reported: string | null; failureClass: FailureClass | null };
