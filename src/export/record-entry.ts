// The changelog's part of an export: whether an entry is wanted, by whom and through which evaluator.
import { commandSetting } from "../agents/tool.ts";
import { resolveActor } from "../changelog/actor.ts";
import { type EvaluatorChoice, type RunToRecord, recordRun } from "../changelog/record.ts";
import { type Changelog, isRecorded, openChangelog } from "../changelog/store.ts";
import type { Config } from "../config/config.ts";
import type { Failure } from "../evaluate/failure.ts";
import { DEFAULT_EVALUATOR } from "../evaluate/registry.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { debug } from "../system/debug.ts";
import type { ExportOptions } from "./options.ts";

/** How long an evaluator may take, unless told otherwise. */
const DEFAULT_TIMEOUT_MS = 180_000;

/** What became of the entry. */
export interface ChangelogOutcome {
  /** `pending`: it is still to be evaluated. `nothing`: the run holds nothing to tell of. `off`: no entry was wanted. */
  status: "recorded" | "exists" | "pending" | "nothing" | "off";
  /** Who wrote the row; null when none was written. */
  evaluator: string | null;
  entriesPath: string | null;
  /** Why the entry is only `builtin`, where a model was asked, or why there is none yet. */
  message: string | null;
}

/** An open changelog and who writes to it how; null when no entry is wanted. */
export interface EntryTarget {
  changelog: Changelog;
  actor: string;
  evaluator: EvaluatorChoice;
}

/** Opens the changelog; null when no entry is wanted. */
export async function openEntryTarget(
  root: string,
  config: Config,
  { env, actor, timeoutMs }: ExportOptions,
): Promise<EntryTarget | null> {
  if (config.changelog?.value !== true) return null;
  const evaluator = chooseEvaluator(config, timeoutMs);
  const slug = await resolveActor({ root, env, flag: actor ?? undefined, config: config.actor?.value });
  return { changelog: openChangelog(root, slug), actor: slug, evaluator };
}

/** The evaluator that the settings name. */
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

/** No entry, and why. */
export function noEntry(status: "pending" | "nothing" | "off"): ChangelogOutcome {
  return { status, evaluator: null, entriesPath: null, message: null };
}

/** Records a run if that is wanted and there is something to tell, and says what became of it. */
export async function recordEntry(
  step: EntryTarget | null,
  run: RunToRecord,
  { env, now, waiting, defersEvaluation, record = recordRun }: ExportOptions,
): Promise<ChangelogOutcome> {
  if (step === null) return noEntry("off");
  if (isEmptyRun(run.facts.evidence)) return noEntry("nothing");
  if (defersEvaluation && needsModel(step, run.runId)) {
    return { ...noEntry("pending"), entriesPath: step.changelog.entries };
  }
  const { status, entry, failure, lockHeld: heldBack } = await record(run, { ...step, env, now, waiting });
  const { name } = step.evaluator;
  return {
    status,
    evaluator: entry?.evaluator.name ?? null,
    entriesPath: step.changelog.entries,
    message: heldBack === undefined ? describeFailure(name, failure) : `${heldBack.message}: ${heldBack.hint}`,
  };
}

function describeFailure(evaluator: string, failure: Failure | null): string | null {
  return failure === null ? null : `${evaluator} could not evaluate the run (${failure.class}): ${failure.message}`;
}

function needsModel({ evaluator, changelog }: EntryTarget, runId: string): boolean {
  return evaluator.name !== "builtin" && !isRecorded(changelog, runId, "evaluated");
}
