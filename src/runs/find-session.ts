// What an export starts from, found without writing anything: the project, its settings, and the log that fits.

import type { BoundLog } from "../agents/binding.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import { type Config, loadConfig } from "../config/config.ts";
import type { EvaluatorName } from "../evaluate/registry.ts";
import { locate, type SourceMatch } from "../sessions/locate.ts";
import { type LogRef, readHead } from "../sessions/read.ts";
import { topLevel } from "../system/git.ts";
import { type Environment, realPath } from "../system/paths.ts";

/** Which session is wanted, and the settings that flags give; null leaves one to the environment and the configuration. */
export interface SessionQuery {
  tool: Tool;
  cwd: string;
  /** Null: the git top level of `cwd`, else `cwd` itself. */
  projectRoot: string | null;
  start: string | null;
  end: string | null;
  sessionId: string | null;
  /** The run's log, where it is known already. */
  bound?: BoundLog | undefined;
  changelog: boolean | null;
  actor: string | null;
  evaluator: EvaluatorName | null;
  model: string | null;
  env: Environment;
  home: string;
  /** What the person should know, in one line each. */
  onNotice: (notice: string) => void;
}

export interface FoundSession {
  /** The project's root folder. */
  root: string;
  config: Config;
  match: SourceMatch;
  log: LogRef;
  head: SessionHead;
}

/** Throws an `ExpectedError` when no log fits, or more than one. */
export async function findSession(options: SessionQuery): Promise<FoundSession> {
  const { tool, cwd, env, home } = options;
  const root = realPath(options.projectRoot ?? (await topLevel(cwd)));
  const { config, warnings } = loadConfig({ root, env, home, flags: flagsOf(options) });
  warnings.forEach(options.onNotice);
  const match = await locate({ ...options, projectRoot: root });
  const log: LogRef = { tool, path: match.path };
  const head = await readHead(log);
  return { root, config, match, log: { ...log, head }, head };
}

function flagsOf({ actor, changelog, evaluator, model }: SessionQuery) {
  return {
    actor: actor ?? undefined,
    changelog: changelog ?? undefined,
    evaluator: evaluator ?? undefined,
    model: model ?? undefined,
  };
}
