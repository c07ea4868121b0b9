// The changelog part of an export: whether an entry is wanted, its actor and evaluator, and recording it.
import { commandSetting } from "../agents/tool.ts";
import { resolveActor } from "../changelog/actor.ts";
import type { RunToRecord } from "../changelog/build-rows.ts";
import {
  dryRunEvaluation,
  type EvaluationDryRun,
  type EvaluatorChoice,
  type RecordOutcome,
  recordRun,
} from "../changelog/record.ts";
import { type Changelog, isRecorded, openChangelog, restoreWorktreeRows } from "../changelog/store.ts";
import type { Config } from "../config/config.ts";
import type { Failure } from "../evaluate/failure.ts";
import { cleanUpHomes, homesFolder } from "../evaluate/isolated-home.ts";
import { DEFAULT_EVALUATOR } from "../evaluate/registry.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { debug } from "../system/debug.ts";
import { messageOf } from "../system/errors.ts";
import { type ExportOptions, prepareExport, refuseEmptyWindow } from "./prepare.ts";

const DEFAULT_TIMEOUT_MS = 180_000;

export interface ChangelogOutcome {
  /** `pending`: not evaluated yet. `nothing`: the run is empty. `off`: no entry was wanted. */
  status: "recorded" | "exists" | "pending" | "nothing" | "off";
  /** The evaluator of the new entry; null if none was written. */
  evaluator: string | null;
  entriesPath: string | null;
  /** Why a model's evaluation is missing, if one was requested. */
  message: string | null;
}

/** Where entries are written, for which actor and by which evaluator. */
export interface EntryTarget {
  changelog: Changelog;
  actor: string;
  evaluator: EvaluatorChoice;
}

/** Opens the changelog; null if no entry is wanted. */
export async function openEntryTarget(
  root: string,
  config: Config,
  { env, actor, timeoutMs }: ExportOptions,
): Promise<EntryTarget | null> {
  if (config.changelog?.value !== true) return null;
  const evaluator = chooseEvaluator(config, timeoutMs);
  const slug = await resolveActor({ root, env, flag: actor ?? undefined, config: config.actor?.value });
  await restoreWorktreeRows(root);
  return { changelog: openChangelog(root, slug), actor: slug, evaluator };
}

/** The evaluator of the settings. */
export function chooseEvaluator(config: Config, timeoutMs: number | null): EvaluatorChoice {
  const name = config.evaluator?.value ?? DEFAULT_EVALUATOR;
  debug("evaluator", () => `${name}, set by ${config.evaluator?.from ?? "default"}`);
  return {
    name,
    command: config[commandSetting(name)]?.value ?? name,
    model: config.model?.value ?? null,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
}

/** The result for a run that gets no entry. */
export function noEntry(status: "pending" | "nothing" | "off"): ChangelogOutcome {
  return { status, evaluator: null, entriesPath: null, message: null };
}

/** Records a run if an entry is wanted and the run is not empty; otherwise `outcome` is null. */
export async function recordEntry(
  target: EntryTarget | null,
  run: RunToRecord,
  { env, now, waiting, defersEvaluation, recording }: ExportOptions,
): Promise<{ changelog: ChangelogOutcome; outcome: RecordOutcome | null }> {
  if (target === null) return { changelog: noEntry("off"), outcome: null };
  if (isEmptyRun(run.facts.evidence)) return { changelog: noEntry("nothing"), outcome: null };
  const { entries: entriesPath } = target.changelog;
  if (defersEvaluation && needsModel(target, run.runId)) {
    return { changelog: { ...noEntry("pending"), entriesPath }, outcome: null };
  }
  const outcome = await recordRun(run, { ...target, env, now, waiting, ...recording });
  const { status, entry, failure, lockHeld } = outcome;
  const message =
    lockHeld === undefined ? describeFailure(target.evaluator.name, failure) : `${lockHeld.message}: ${lockHeld.hint}`;
  return { changelog: { status, evaluator: entry?.evaluator.name ?? null, entriesPath, message }, outcome };
}

function describeFailure(evaluator: string, failure: Failure | null): string | null {
  if (failure === null) return null;
  if (failure.class === "bad_output") return `the model's answer could not be used: ${failure.message}`;
  return `${evaluator} could not evaluate the run (${failure.class}): ${failure.message}`;
}

function needsModel({ evaluator, changelog }: EntryTarget, runId: string): boolean {
  return evaluator.name !== "builtin" && !isRecorded(changelog, runId, "evaluated");
}

export interface ExportDryRun {
  /** The log of the run. */
  source: string;
  /** Whether the settings ask for an entry. */
  wanted: boolean;
  /** Null if there is nothing to evaluate. */
  evaluation: EvaluationDryRun | null;
}

/**
 * What an export would send to its evaluator. Runs and writes nothing. Throws an `ExpectedError` where the export
 * would, and if the evaluator is not installed.
 */
export async function dryRunExport(options: ExportOptions): Promise<ExportDryRun> {
  const prepared = await prepareExport(options);
  const { config, log, label, run } = prepared;
  const evaluator = chooseEvaluator(config, options.timeoutMs);
  refuseEmptyWindow(prepared, options);
  const about = { source: log.path, wanted: config.changelog?.value === true };
  if (run === null || run.isEmpty) return { ...about, evaluation: null };
  return { ...about, evaluation: await dryRunEvaluation({ ...run, label }, { evaluator, env: options.env }) };
}

/** Removes what killed evaluations left, such as a borrowed login. A failure is reported, not thrown. */
export async function cleanUpEvaluations({
  env,
  home,
  onNotice,
}: Pick<ExportOptions, "env" | "home" | "onNotice">): Promise<void> {
  try {
    await cleanUpHomes(homesFolder({ env, home }));
  } catch (error) {
    onNotice(`could not remove the files of a killed evaluation: ${messageOf(error)}`);
  }
}
