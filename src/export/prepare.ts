// An export before anything is written: its options, the session it is about, and the run that it covers.
import type { BoundLog } from "../agents/binding.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import type { EvaluationWait, RecordContext } from "../changelog/record.ts";
import { type ObservedRepository, type RunFacts, type RunSource, readRunFacts } from "../changelog/run-facts.ts";
import { type Config, loadConfig } from "../config/config.ts";
import type { EvaluatorName } from "../evaluate/registry.ts";
import type { RunPlan } from "../runs/earlier-runs.ts";
import { labelOfRun } from "../runs/label.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { selectRun } from "../runs/select-run.ts";
import { findSessionDirectory } from "../runs/session-directory.ts";
import { locate, type SourceMatch } from "../sessions/locate.ts";
import { type LogRef, readHead } from "../sessions/read.ts";
import { ExpectedError } from "../system/errors.ts";
import { ownershipProblem, topLevel } from "../system/git.ts";
import { type Environment, realPath } from "../system/paths.ts";

/**
 * What to export, resolved: absolute paths and UTC times. Null for what was not given; settings then come from the
 * environment and the configuration.
 */
export interface ExportOptions {
  tool: Tool;
  cwd: string;
  /** If null, the git top level of `cwd`, or `cwd` itself. */
  projectRoot: string | null;
  start: string | null;
  end: string | null;
  sessionId: string | null;
  /** The log of the run, if it is known. */
  bound?: BoundLog | undefined;
  /** The session directory to write; null for that of the session, or a new one in the repository. */
  output: string | null;
  label: string | null;
  /** Whether a new session without a label is labeled with its first prompt. */
  derivesLabel?: boolean;
  changelog: boolean | null;
  actor: string | null;
  evaluator: EvaluatorName | null;
  model: string | null;
  timeoutMs: number | null;
  /** The URL of the repository; without it, the one in the log or of `origin` is used. */
  repository?: string | null;
  /** Whether secrets are removed from the pages; default: true. Entries never contain them. */
  redacts?: boolean | undefined;
  /** The repository before and after the run. */
  observed?: ObservedRepository | undefined;
  waiting?: EvaluationWait | undefined;
  /** Overrides how the run is recorded. */
  recording?: Partial<Pick<RecordContext, "evaluator" | "holdsRunLock" | "leavesUnrecorded">>;
  /** Whether the evaluation is left for later: the run is exported and stays pending. */
  defersEvaluation?: boolean;
  env: Environment;
  home: string;
  now: () => Date;
  /** Called with one line for the user. */
  onNotice: (notice: string) => void;
}

export interface PreparedExport {
  /** The project's root folder. */
  root: string;
  config: Config;
  match: SourceMatch;
  log: LogRef;
  head: SessionHead;
  /** The given session directory or that of the session; null if there is none yet. */
  directory: string | null;
  label: string;
  startedAt: Date;
  /** Whether nothing of the session was exported before. */
  isFirst: boolean;
  /** Null if the window holds nothing new. */
  run: PreparedRun | null;
}

export interface PreparedRun {
  plan: RunPlan;
  /** Whether the session directory has an export record of the run. */
  isAlreadyExported: boolean;
  source: RunSource;
  facts: RunFacts;
  /** Whether there is nothing that an entry could report. */
  isEmpty: boolean;
}

/** Throws an `ExpectedError` if no log matches, or several do. */
export async function prepareExport(options: ExportOptions): Promise<PreparedExport> {
  const { tool, cwd, env, home, output, observed } = options;
  const root = realPath(options.projectRoot ?? (await topLevel(cwd)));
  const problem = await ownershipProblem(root);
  if (problem !== null) options.onNotice(problem);
  const { config, warnings } = loadConfig({ root, env, home, flags: flagsOf(options) });
  warnings.forEach(options.onNotice);
  const match = await locate({ ...options, projectRoot: root });
  const head = await readHead({ tool, path: match.path });
  const log: LogRef = { tool, path: match.path, head };
  const directory = output ?? findSessionDirectory(root, tool, head.sessionId);
  const { plan, label, isAlreadyExported, ...selected } = await selectRun({ root, log, head }, directory, options);
  const session = { root, config, match, log, head, directory, ...selected };
  if (plan === null) return { ...session, label, run: null };

  const window = { start: options.start, end: options.end };
  const source: RunSource = { log, head, range: plan, window, root, home, observed };
  const facts = await readRunFacts(source);
  const run = { plan, isAlreadyExported, source, facts, isEmpty: isEmptyRun(facts.evidence) };
  // A session directory has a label already, even if it is empty.
  const isUnlabeled = label === "" && directory === null && options.derivesLabel === true;
  return { ...session, label: isUnlabeled ? labelOfRun(facts) : label, run };
}

function flagsOf({ actor, changelog, evaluator, model }: ExportOptions) {
  return {
    actor: actor ?? undefined,
    changelog: changelog ?? undefined,
    evaluator: evaluator ?? undefined,
    model: model ?? undefined,
  };
}

/** Throws an `ExpectedError` if the window is empty and the session was never exported. */
export function refuseEmptyWindow({ run, isFirst, head }: PreparedExport, { start, end }: ExportOptions): void {
  if (run !== null || !isFirst) return;
  const window = [start === null ? "" : ` after ${start}`, end === null ? "" : ` before ${end}`].join("");
  throw new ExpectedError(`session ${head.sessionId} has no records${window}`, {
    hint: "check `--start` and `--end`, or omit them to export everything",
  });
}
