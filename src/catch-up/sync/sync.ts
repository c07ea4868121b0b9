// Records runs from the native logs, each in the repository it belongs to.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "../../agents/tool.ts";
import { resolveActor } from "../../changelog/actor.ts";
import type { EvaluatorChoice } from "../../changelog/record.ts";
import { type Config, loadConfig } from "../../config/config.ts";
import { estimateTokens } from "../../evaluate/prompt.ts";
import { chooseEvaluator } from "../../export/record-entry.ts";
import { ExpectedError } from "../../system/errors.ts";
import { type CatchUpSettings, limitRuns } from "../planned-run.ts";
import type { Assignment, Batch } from "../run-queue.ts";
import type { ScanResult, SkippedSession } from "./scan-result.ts";
import { SessionScanner } from "./session-scanner.ts";

export interface SyncOptions extends CatchUpSettings {
  tools: readonly Tool[];
  /** Milliseconds since the epoch, both. */
  since: number;
  until: number;
  /** The only log to read; null for all. */
  source: string | null;
  /** The only repository to record in, by its real path; null for each session's own. */
  projectRoot: string | null;
  /** The repository of the current folder; null if it is in none. */
  current: string | null;
  now: () => Date;
}

/** A repository in which runs are recorded. */
export interface SyncedRepository {
  root: string;
  actor: string;
  /** Whether it has no changelog yet. */
  begins: boolean;
  runs: number;
}

/** A planned sync. */
export interface PreparedSync extends Batch {
  scan: ScanResult;
  repositories: SyncedRepository[];
  runs: number;
  /** The approximate maximum number of tokens to send; 0 without a model. */
  estimatedTokens: number;
}

/** A scan of the logs that may need the user to choose repositories. */
export interface OpenSync {
  /** The sessions that fit several repositories. */
  ambiguous: SkippedSession[];
  /** Assigns such a session to a repository. */
  assign(session: SkippedSession, root: string): Promise<void>;
  prepare(): Promise<PreparedSync>;
}

export async function openSync(options: SyncOptions): Promise<OpenSync> {
  const settings = new Settings(options);
  // The evaluator is the same for all repositories; the configuration of a repository cannot choose it.
  const { config } = settings.of(options.projectRoot ?? options.current ?? options.home);
  const evaluator = { ...chooseEvaluator(config, options.timeoutMs), retriesTimeout: true };
  const scanner = new SessionScanner({
    ...options,
    only: options.projectRoot,
    evaluator: evaluator.name,
    usesModel: evaluator.name !== "builtin",
    wantsChangelog: (root) => wanted(root, settings),
  });
  const scan = await scanner.scan();
  return {
    ambiguous: scan.skippedSessions.filter(({ reason }) => reason === "several"),
    assign: async (session, root) => await scanner.assign(session, root),
    prepare: async () => await prepare(scan, evaluator, settings, options),
  };
}

/** Whether the settings of a repository ask for a changelog; null if they do not say. */
function wanted(root: string, settings: Settings): boolean | null {
  try {
    return settings.of(root).config.changelog?.value ?? null;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    throw new ExpectedError(`settings of \`${root}\`: ${error.message}`, { cause: error });
  }
}

async function prepare(
  scan: ScanResult,
  evaluator: EvaluatorChoice,
  settings: Settings,
  { limit, env, actor }: SyncOptions,
): Promise<PreparedSync> {
  const all = scan.found.reduce((sum, { runs }) => sum + runs.length, 0);
  const taken = limitRuns(
    scan.found.map(({ runs }) => runs),
    limit ?? all,
  );
  const repositories = new Map<string, SyncedRepository>();
  const assignments: Assignment[] = [];
  for (const [index, runs] of taken.entries()) {
    const root = scan.found[index]?.root ?? "";
    let repository = repositories.get(root);
    if (repository === undefined) {
      const { config, warn } = settings.of(root);
      warn();
      const slug = await resolveActor({ root, env, flag: actor ?? undefined, config: config.actor?.value });
      repository = { root, actor: slug, begins: !existsSync(join(root, ".changelog")), runs: 0 };
      repositories.set(root, repository);
    }
    repository.runs += runs.length;
    assignments.push({ destination: repository, runs });
  }
  const runs = taken.flat();
  return {
    scan,
    evaluator,
    roots: scan.roots,
    assignments,
    repositories: [...repositories.values()],
    runs: runs.length,
    beyondLimit: all - runs.length,
    estimatedTokens: evaluator.name === "builtin" ? 0 : estimateTokens(runs),
  };
}

/** The settings of each repository, read once. Their warnings are reported once, if runs are recorded there. */
class Settings {
  readonly #options: SyncOptions;
  readonly #read = new Map<string, { config: Config; warn: () => void }>();
  readonly #reported = new Set<string>();

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  of(root: string): { config: Config; warn: () => void } {
    const known = this.#read.get(root);
    if (known !== undefined) return known;
    const { actor, evaluator, model, env, home, onNotice } = this.#options;
    const flags = { actor: actor ?? undefined, evaluator: evaluator ?? undefined, model: model ?? undefined };
    const { config, warnings } = loadConfig({ root, env, home, flags });
    const read = {
      config,
      warn: () => {
        for (const warning of warnings.filter((text) => !this.#reported.has(text))) {
          this.#reported.add(warning);
          onNotice(warning);
        }
      },
    };
    this.#read.set(root, read);
    return read;
  }
}
