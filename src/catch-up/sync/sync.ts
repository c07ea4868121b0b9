// Records runs straight from the tools' own logs, each in the repository it belongs to.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Tool } from "../../agents/tool.ts";
import { resolveActor } from "../../changelog/actor.ts";
import type { EvaluatorChoice } from "../../changelog/record.ts";
import { type Config, loadConfig } from "../../config/config.ts";
import { estimateTokens } from "../../evaluate/prompt.ts";
import { chooseEvaluator } from "../../export/record-entry.ts";
import { ExpectedError } from "../../system/errors.ts";
import { limited } from "../backfill/backfill.ts";
import type { Assignment, Batch, CatchUpSettings } from "../run-queue.ts";
import type { ScanResult, SkippedSession } from "./scan-result.ts";
import { SessionScanner } from "./session-scanner.ts";

export interface SyncOptions extends CatchUpSettings {
  tools: readonly Tool[];
  /** Milliseconds since the epoch, both. */
  since: number;
  until: number;
  /** The one log that is meant; null for all. */
  source: string | null;
  /** The only repository that is meant, by its real path; null for each session's own. */
  projectRoot: string | null;
  /** The repository of the current folder; null where that is in none. */
  current: string | null;
  now: () => Date;
}

/** A repository that runs are recorded in. */
export interface SyncedRepository {
  root: string;
  actor: string;
  /** Whether it keeps no changelog yet. */
  begins: boolean;
  runs: number;
}

/** A sync that is planned, and not begun. */
export interface PreparedSync extends Batch {
  scan: ScanResult;
  repositories: SyncedRepository[];
  runs: number;
  /** How many tokens a model would be sent at most, about; 0 without one. */
  estimatedTokens: number;
}

/** A look through the logs, which may leave it open where sessions belong. */
export interface OpenSync {
  /** The sessions that several repositories may claim. */
  ambiguous: SkippedSession[];
  /** Takes the session of a question into one of them. */
  assign(session: SkippedSession, root: string): Promise<void>;
  prepare(): Promise<PreparedSync>;
}

export async function openSync(options: SyncOptions): Promise<OpenSync> {
  const settings = new Settings(options);
  // What evaluates is nothing that a repository may choose: it is the same in all of them.
  const { config } = settings.of(options.projectRoot ?? options.current ?? options.home);
  const evaluator = { ...chooseEvaluator(config, options.timeoutMs), retriesTimeout: true };
  const looker = new SessionScanner({
    ...options,
    only: options.projectRoot,
    evaluator: evaluator.name,
    usesModel: evaluator.name !== "builtin",
    wantsChangelog: (root) => wanted(root, settings),
  });
  const look = await looker.run();
  return {
    ambiguous: look.skippedSessions.filter(({ reason }) => reason === "several"),
    assign: async (session, root) => await looker.settle(session, root),
    prepare: async () => await prepare(look, evaluator, settings, options),
  };
}

/** Whether a changelog is wanted in a repository. What is wrong with its settings is said with its name. */
function wanted(root: string, settings: Settings): boolean | null {
  try {
    return settings.of(root).config.changelog?.value ?? null;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    throw new ExpectedError(`settings of \`${root}\`: ${error.message}`, { cause: error });
  }
}

async function prepare(
  look: ScanResult,
  evaluator: EvaluatorChoice,
  settings: Settings,
  { limit, env, actor }: SyncOptions,
): Promise<PreparedSync> {
  const all = look.found.reduce((sum, { runs }) => sum + runs.length, 0);
  const taken = limited(
    look.found.map(({ runs }) => runs),
    limit ?? all,
  );
  const repositories = new Map<string, SyncedRepository>();
  const assignments: Assignment[] = [];
  for (const [index, runs] of taken.entries()) {
    const root = look.found[index]?.root ?? "";
    let repository = repositories.get(root);
    if (repository === undefined) {
      const { config, warnings } = settings.of(root);
      warnings();
      const slug = await resolveActor({ root, env, flag: actor ?? undefined, config: config.actor?.value });
      repository = { root, actor: slug, begins: !existsSync(join(root, ".changelog")), runs: 0 };
      repositories.set(root, repository);
    }
    repository.runs += runs.length;
    assignments.push({ destination: repository, runs });
  }
  const runs = taken.flat();
  return {
    scan: look,
    evaluator,
    roots: look.roots,
    assignments,
    repositories: [...repositories.values()],
    runs: runs.length,
    beyondLimit: all - runs.length,
    estimatedTokens: evaluator.name === "builtin" ? 0 : estimateTokens(runs),
  };
}

/** The settings of each repository, read once; what is wrong with them is said once, where anything is recorded. */
class Settings {
  readonly #options: SyncOptions;
  readonly #read = new Map<string, { config: Config; warnings: () => void }>();
  readonly #said = new Set<string>();

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  of(root: string): { config: Config; warnings: () => void } {
    const known = this.#read.get(root);
    if (known !== undefined) return known;
    const { actor, evaluator, model, env, home, onNotice } = this.#options;
    const flags = { actor: actor ?? undefined, evaluator: evaluator ?? undefined, model: model ?? undefined };
    const { config, warnings } = loadConfig({ root, env, home, flags });
    const read = {
      config,
      warnings: () => {
        for (const warning of warnings.filter((text) => !this.#said.has(text))) {
          this.#said.add(warning);
          onNotice(warning);
        }
      },
    };
    this.#read.set(root, read);
    return read;
  }
}
