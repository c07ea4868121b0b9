// The facts of a run: taken from its events and from git, never from a model.

/** POSIX paths relative to the repository, each list sorted; a path outside starts with `~/` or `/`. */
export interface TouchedFiles {
  created: string[];
  modified: string[];
  deleted: string[];
  moved: { from: string; to: string }[];
}

export interface TestRun {
  /** The runner and its arguments, without wrappers, pipes or interpreter paths. */
  cmd: string;
  result: "pass" | "fail" | "unknown";
}

export interface Commit {
  /** Abbreviated hash, as git abbreviates it. */
  hash: string;
  /** The subject line. */
  message: string;
  /** The folder of the submodule or nested repository that has the commit; absent if the project has it. */
  path?: string | undefined;
}

/** A command that ran and failed. */
export interface FailedCommand {
  command: string;
  exitCode: number | null;
  /** The last lines of its output. */
  outputTail: string;
}

/** The facts about a run that a digest or an entry contains. */
export interface Evidence {
  prompts: string[];
  /** The assistant's last message. */
  lastReply: string | null;
  touchedFiles: TouchedFiles;
  tests: TestRun[];
  commits: Commit[];
  failedCommands: FailedCommand[];
  /** Edits that did not apply. */
  failedEdits: { paths: string[]; error: string }[];
  /** Files and folders that other tool calls named, such as reads and searches, as written there. */
  namedFiles: string[];
  /** The models that were used, in order of appearance. */
  models: string[];
  /** Times of the first and last event, ISO 8601 UTC. */
  firstAt: string | null;
  lastAt: string | null;
  /** How many commands ran, and how many edits applied. */
  commands: number;
  edits: number;
  /** How many calls of MCP tools ran: they may have done anything. */
  mcpCalls: number;
}
