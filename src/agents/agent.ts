// What the rest of the program needs to know about a tool. Each folder beside this file implements it for one tool.
import type { Environment } from "../system/paths.ts";
import type { BindableRun, BindContext, BoundLog } from "./binding.ts";
import type { LogReader } from "./log-reader.ts";
import type { Tool } from "./tool.ts";

/** The part of an agent that is loaded before the wrapped tool starts. It must not load packages or log readers. */
export interface Agent {
  readonly id: Tool;
  /** The product's name, for people. */
  readonly name: string;
  /** The program to run unless another command is configured. */
  readonly program: string;
  /** The environment variable that names the tool's home folder. */
  readonly homeVariable: string;
  /** The tool's folder in a repository, such as `.codex`. Session directories are in its folder `sessions`. */
  readonly projectFolder: string;
  /** The folder in a repository where the tool creates worktrees, if it does. */
  readonly worktreesFolder?: string;
  /** Variables that name the session a process belongs to: a tool started from there must not inherit them. */
  readonly sessionVariables: readonly string[];
  /** The folder with the tool's own files. */
  homeOf(env: Environment, home: string): string;
  readArguments(args: readonly string[]): ToolRequest;
  /** The arguments that resume a session. */
  resumeArguments(sessionId: string): string[];
  /** The arguments that start a session with an id of our choice; absent where the tool chooses ids itself. */
  newSessionArguments?(sessionId: string): string[];
  /** Watches what a started tool does with its logs. `home` is the tool's home folder. */
  watchRun(run: BindableRun, pid: number, home: string): RunWatch;
  /** The run's logs in the order in which they were created; none if the tool was opened and closed. */
  bindRun(run: BindableRun, context: BindContext): Promise<BoundLog[]>;
  loadReader(): Promise<LogReader>;
}

/** What the tool's arguments say about the session it will work in. */
export interface ToolRequest {
  /**
   * The session to resume. The id is null when the tool chooses the session: the latest one, by its name, or in a
   * picker.
   */
  resume: { id: string | null } | null;
  /** Whether a new session starts with the history of another. */
  fork: boolean;
  /** The id that the arguments choose for a new session. */
  sessionId: string | null;
  /** The folder to work in. */
  folder: string | null;
  /** Whether the arguments ask for something that is not a session: help, a version, a login. */
  isOther: boolean;
  /** Whether the session continues in the background after the command exits. */
  isBackground: boolean;
  /** Whether the tool answers and exits, without its terminal UI. */
  isHeadless: boolean;
}

/** Observes a running tool, and adds what it finds to the run's record. */
export interface RunWatch {
  /** The logs or sessions in use at this moment; null where the system does not show them. */
  observe(signal: AbortSignal): Promise<readonly string[] | null> | readonly string[] | null;
  /** Adds to the run what was observed for the first time. */
  found(names: readonly string[]): void;
  /** Called once, after the tool exited. */
  stop(): void;
}
