// What an export starts from, found without writing anything: the project, its settings, and the log that fits.
import type { SessionHead } from "../sessions/events.ts";
import { locate, type SourceMatch } from "../sessions/locate.ts";
import { type LogRef, readHead } from "../sessions/read.ts";
import { type Config, loadConfig } from "../system/config.ts";
import { topLevel } from "../system/git.ts";
import { realPath } from "../system/paths.ts";
import type { ExportOptions } from "./export-options.ts";

export interface FoundSession {
  /** The project's root folder. */
  root: string;
  config: Config;
  match: SourceMatch;
  log: LogRef;
  head: SessionHead;
}

/** Throws an `ExpectedError` when no log fits, or more than one. */
export async function findSession(options: ExportOptions): Promise<FoundSession> {
  const { tool, cwd, env, home } = options;
  const root = realPath(options.projectRoot ?? (await topLevel(cwd)));
  const { config, warnings } = loadConfig({ root, env, home, flags: flagsOf(options) });
  warnings.forEach(options.onNotice);
  const match = await locate({ ...options, projectRoot: root });
  const log: LogRef = { tool, path: match.path };
  return { root, config, match, log, head: await readHead(log) };
}

function flagsOf({ actor, changelog, evaluator, model }: ExportOptions) {
  return {
    actor: actor ?? undefined,
    changelog: changelog ?? undefined,
    evaluator: evaluator ?? undefined,
    model: model ?? undefined,
  };
}
