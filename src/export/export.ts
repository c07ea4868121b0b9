// One run of a session brought home: its log copied into the session directory, its entry recorded, the books kept.
// What the evaluator does never fails an export.
import { dirname, join } from "node:path";
import type { ParseStats } from "../agents/parse-stats.ts";
import { runId, SCHEMA_VERSION } from "../changelog/entry.ts";
import type { RunToRecord as Run } from "../changelog/record.ts";
import type { RunFacts, RunSource } from "../changelog/run-facts.ts";
import { previousRun } from "../changelog/store.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { appendExportRecord } from "../runs/export-records.ts";
import { createSessionDirectory, openGivenDirectory, writeSourceMatch } from "../runs/session-directory.ts";
import { redactDeep } from "../secrets/redact.ts";
import { Redactor } from "../secrets/redactor.ts";
import type { SourceMatch } from "../sessions/locate.ts";
import { hashPrefix } from "../system/chunks.ts";
import { messageOf } from "../system/errors.ts";
import { git, gitText } from "../system/git.ts";
import { LockHeldError } from "../system/lock.ts";
import { insideRoot } from "../system/paths.ts";
import { isFixable } from "../system/system-errors.ts";
import { sweepTemporaries } from "../system/write-atomic.ts";
import { linksOfFirst } from "../transcript/repository-links.ts";
import { writeTranscript } from "../transcript/write.ts";
import { cleanUpEvaluations } from "./cleanup-evaluations.ts";
import { copyLog } from "./copy-log.ts";
import type { ExportOptions } from "./options.ts";
import { type PreparedExport, prepareExport, refuseEmptyWindow } from "./prepare.ts";
import { type ChangelogOutcome, type EntryTarget, noEntry, openEntryTarget, recordEntry } from "./record-entry.ts";

export interface ExportResult {
  /** Absolute, as every path here. */
  sessionDir: string;
  source: SourceMatch;
  /** The copied log. */
  sourceJsonl: string;
  /** The first page of the transcript; null when it could not be made. */
  indexHtml: string | null;
  /** Null when the window holds nothing that was not exported before. */
  run: ExportedRun | null;
  changelog: ChangelogOutcome;
}

/** The run that was exported; texts are redacted. */
export interface ExportedRun {
  runId: string;
  continuationOf: string | null;
  /** Whether it was exported before. */
  known: boolean;
  from: number;
  to: number;
  start: string | null;
  end: string | null;
  prompts: string[];
  failedCommands: string[];
  counts: RunCounts;
  parseStats: ParseStats;
}

/** A run in numbers. */
export interface RunCounts {
  files: number;
  tests: { pass: number; fail: number; unknown: number };
  commits: number;
}

/** Exports one run. Throws an `ExpectedError` when no log fits, or more than one, or the changelog cannot be opened. */
export async function exportLatest(options: ExportOptions): Promise<ExportResult> {
  const prepared = await prepareExport(options);
  refuseEmptyWindow(prepared, options);
  return await writeExport(prepared, options);
}

/** Writes what was prepared: the copied log, the entry, the books. */
export async function writeExport(prepared: PreparedExport, options: ExportOptions): Promise<ExportResult> {
  const { root, config } = prepared;
  // Before anything is exported, so that what is wrong with the changelog is said first.
  const step = await openEntryTarget(root, config, options);
  const directory = openDirectory(prepared, options);
  for (const folder of [dirname(directory), directory]) sweepTemporaries(folder);
  await cleanUpEvaluations(options);
  // The pages are made from the tool's own log: meanwhile git is asked, the copy reaches the disk, and a model may be
  // at work. They are waited for, whatever becomes of that.
  const pages = writePages(directory, prepared, step, options);
  const [kept] = await Promise.allSettled([writeSessionFiles(directory, prepared, step, pages, options), pages]);
  if (kept.status === "rejected") throw kept.reason;
  return kept.value;
}

async function writeSessionFiles(
  directory: string,
  { root, match, log, head, label, run: prepared }: PreparedExport,
  step: EntryTarget | null,
  pages: Promise<string | null>,
  options: ExportOptions,
): Promise<ExportResult> {
  if (await isCommittable(root, directory)) {
    options.onNotice(`git does not ignore \`${directory}\`: do not commit the log in it, it is private`);
  }
  const sourceJsonl = await copyLog(log.path, head, directory);
  const sourceMatchJson = await writeSourceMatch(directory, match);
  const kept = { sessionDir: directory, source: match, sourceJsonl };
  if (prepared === null) return { ...kept, indexHtml: await pages, run: null, changelog: noEntry("nothing") };

  const { plan, isAlreadyExported: known, source, facts } = prepared;
  const transcript = pages.then((indexHtml) => ({ indexHtml, sourceJsonl, sourceMatchJson }));
  // A run that has its entry does not ask for it. What fails is heard of from the pages.
  transcript.catch(() => {});
  const run: Run = {
    runId: plan.known?.runId ?? runId(options.tool, head.sessionId, plan.from),
    continuationOf: plan.continuationOf ?? previousRunId(step, source, facts),
    source,
    facts,
    label,
    sessionDir: directory,
    transcript,
  };
  const changelog = await recordEntry(step, run, options);
  const indexHtml = await pages;
  if (!known || changelog.status === "recorded") await appendRecord(directory, run, changelog, options.now());
  return { ...kept, indexHtml, run: summarize(run, known), changelog };
}

function openDirectory(prepared: PreparedExport, options: ExportOptions): string {
  const { root, config, match, directory, label, startedAt } = prepared;
  const { tool, output } = options;
  if (output !== null) return openGivenDirectory(output, root, tool);
  return directory ?? createSessionDirectory({ root, tool, zone: config.tz, label, startedAt, match });
}

/**
 * The pages can be made again at any time: what keeps them from being made costs nobody the entry. What the machine
 * or whoever is at them refuses does, for the entry would say for ever that there are none: the same export is made again
 * once that is mended.
 */
async function writePages(
  directory: string,
  { root, log, head, label, run }: PreparedExport,
  step: EntryTarget | null,
  { onNotice, repository = null, redacts = true }: ExportOptions,
): Promise<string | null> {
  try {
    const origin = await gitText(root, ["remote", "get-url", "origin"]);
    const links = linksOfFirst([repository, head.git.repositoryUrl, origin]);
    const actor = step?.actor ?? null;
    // What the run's own reading found need not be found again before the pages can be without it.
    const secrets = new Redactor(redacts ? run?.facts.secrets : null);
    return await writeTranscript(directory, { log, head, label, actor, links, redacts, secrets });
  } catch (error) {
    if (isFixable(error) || error instanceof LockHeldError) throw error;
    onNotice(`the transcript was not written: ${messageOf(error)}`);
    return null;
  }
}

/** The run before this one, where only the changelog knows it: the session was exported to another directory then. */
function previousRunId(step: EntryTarget | null, { head }: RunSource, { start }: RunFacts): string | null {
  return step === null ? null : previousRun(step.changelog, head.sessionId, start);
}

/** Whether the directory lies in the repository and git would take it in. */
async function isCommittable(root: string, directory: string): Promise<boolean> {
  if (!insideRoot(root, directory)) return false;
  const { code } = await git(root, ["check-ignore", "--quiet", "--", join(directory, "source_match.json")]);
  return code === 1;
}

/** The line that lets the next export start where this one ended. */
async function appendRecord(directory: string, run: Run, outcome: ChangelogOutcome, now: Date): Promise<void> {
  const { source, facts } = run;
  const { from, to } = source.range;
  appendExportRecord(directory, {
    schema_version: SCHEMA_VERSION,
    run_id: run.runId,
    created_at: now.toISOString(),
    tool: source.log.tool,
    session_id: source.head.sessionId,
    label: run.label,
    start: source.window.start,
    end: source.window.end,
    from,
    to,
    prefix_hash: await hashPrefix(source.log.path, from),
    end_hash: await hashPrefix(source.log.path, to),
    first_at: facts.evidence.firstAt,
    last_at: facts.evidence.lastAt,
    records: facts.parseStats.records,
    unparsable: facts.parseStats.unparsable,
    unknown: facts.parseStats.unknown,
    changelog: { status: outcome.status, evaluator: outcome.evaluator },
    continuation_of_run_id: run.continuationOf,
  });
}

function summarize({ runId, continuationOf, source, facts }: Run, known: boolean): ExportedRun {
  const { evidence, parseStats, start, end } = facts;
  const { prompts, failedCommands } = evidence;
  const told = redactDeep({ prompts, failedCommands: failedCommands.map(({ command }) => command) }).value;
  const { from, to } = source.range;
  return { runId, continuationOf, known, from, to, start, end, ...told, counts: count(evidence), parseStats };
}

function count({ touchedFiles, tests, commits }: Evidence): RunCounts {
  const { created, modified, deleted, moved } = touchedFiles;
  const ended = (result: "pass" | "fail" | "unknown") => tests.filter((test) => test.result === result).length;
  return {
    files: created.length + modified.length + deleted.length + moved.length,
    tests: { pass: ended("pass"), fail: ended("fail"), unknown: ended("unknown") },
    commits: commits.length,
  };
}
