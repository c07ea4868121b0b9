// What an export is asked to do, resolved: absolute paths, UTC times, null for what was not given.
import type { recordRun, Waiting } from "../changelog/record.ts";
import type { Observed } from "../changelog/run-facts.ts";
import type { Tool } from "../sessions/events.ts";
import type { BoundLog } from "../sessions/locate.ts";
import type { Environment } from "../system/paths.ts";

export interface ExportOptions {
  tool: Tool;
  cwd: string;
  /** Null: the git top level of `cwd`, else `cwd` itself. */
  projectRoot: string | null;
  start: string | null;
  end: string | null;
  sessionId: string | null;
  /** The run's log, where it is known already. */
  bound?: BoundLog | undefined;
  /** The session directory to write; null finds the session's own, or makes one in the repository. */
  output: string | null;
  label: string | null;
  /** A new session that nobody labelled is called by its first prompt. */
  derivesLabel?: boolean;
  /** Null leaves it to the environment and the configuration; so do the next three. */
  changelog: boolean | null;
  actor: string | null;
  evaluator: "codex" | "claude" | "builtin" | null;
  model: string | null;
  timeoutMs: number | null;
  /** Where the repository lives, if not where the log and `origin` say. */
  repository?: string | null;
  /** Whether secrets are taken out of the pages; they are, unless this says no. Entries never hold them. */
  redacts?: boolean | undefined;
  /** What was seen of the repository while the run lasted. */
  observed?: Observed | undefined;
  waiting?: Waiting | undefined;
  /** Records the run, where not as everybody does. */
  record?: typeof recordRun;
  /** No model is asked now: the run is exported, and stays to be evaluated. */
  defersEvaluation?: boolean;
  env: Environment;
  home: string;
  now: () => Date;
  /** What the person should know, in one line each. */
  onNotice: (notice: string) => void;
}
