// Exports one run of a session: copies its log, writes its pages, records its entry and appends an export record. An
// evaluator that fails never fails the export.
import { dirname, join } from "node:path";
import type { ParseStats } from "../agents/parse-stats.ts";
import type { RunToRecord } from "../changelog/build-rows.ts";
import { runId, SCHEMA_VERSION } from "../changelog/entry.ts";
import type { RecordOutcome } from "../changelog/record.ts";
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
import { copyLog } from "./copy-log.ts";
import { type ExportOptions, type PreparedExport, prepareExport, refuseEmptyWindow } from "./prepare.ts";
import {
  type ChangelogOutcome,
  cleanUpEvaluations,
  type EntryTarget,
  noEntry,
  openEntryTarget,
  recordEntry,
} from "./record-entry.ts";

/** All paths are absolute. */
export interface ExportResult {
  sessionDir: string;
  source: SourceMatch;
  /** The copied log. */
  sourceJsonl: string;
  /** The first page of the transcript; null if it could not be written. */
  indexHtml: string | null;
  /** Null if the window holds nothing new. */
  run: ExportedRun | null;
  changelog: ChangelogOutcome;
}

/** The exported run; texts are redacted. */
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
  tally: ParseStats;
}

export interface RunCounts {
  files: number;
  tests: { pass: number; fail: number; unknown: number };
  commits: number;
}

/** What an export wrote. `outcome` is null if no entry was attempted. */
export interface WrittenExport {
  result: ExportResult;
  outcome: RecordOutcome | null;
}

/** Exports one run. Throws an `ExpectedError` if no log matches, several do, or the changelog cannot be opened. */
export async function exportLatest(options: ExportOptions): Promise<ExportResult> {
  const prepared = await prepareExport(options);
  refuseEmptyWindow(prepared, options);
  const { result } = await writeExport(prepared, options);
  return result;
}

export async function writeExport(prepared: PreparedExport, options: ExportOptions): Promise<WrittenExport> {
  const { root, config } = prepared;
  // Opened first, so that an error in the changelog is reported before anything is written.
  const target = await openEntryTarget(root, config, options);
  const directory = openDirectory(prepared, options);
  for (const folder of [dirname(directory), directory]) sweepTemporaries(folder);
  await cleanUpEvaluations(options);
  // The pages are rendered from the native log while git, the copying of the log and the model run. Rendering always
  // ends before this function returns.
  const pages = writePages(directory, prepared, target, options);
  const [written] = await Promise.allSettled([writeSessionFiles(directory, prepared, target, pages, options), pages]);
  if (written.status === "rejected") throw written.reason;
  return written.value;
}

async function writeSessionFiles(
  directory: string,
  { root, match, log, head, label, run: prepared }: PreparedExport,
  target: EntryTarget | null,
  pages: Promise<string | null>,
  options: ExportOptions,
): Promise<WrittenExport> {
  if (await isCommittable(root, directory)) {
    options.onNotice(`git does not ignore \`${directory}\`: do not commit the log in it, which is private`);
  }
  const sourceJsonl = await copyLog(log.path, head, directory);
  const sourceMatchJson = await writeSourceMatch(directory, match);
  const files = { sessionDir: directory, source: match, sourceJsonl };
  if (prepared === null) {
    return { result: { ...files, indexHtml: await pages, run: null, changelog: noEntry("nothing") }, outcome: null };
  }

  const { plan, isAlreadyExported, source, facts } = prepared;
  const transcript = pages.then((indexHtml) => ({ indexHtml, sourceJsonl, sourceMatchJson }));
  // Nothing awaits this promise if the run already has an entry; its errors are thrown where the pages are awaited.
  transcript.catch(() => {});
  const run: RunToRecord = {
    runId: plan.known?.runId ?? runId(options.tool, head.sessionId, plan.from),
    // After an export to another directory, only the changelog contains the run before this one.
    continuationOf:
      plan.continuationOf ?? (target && previousRun(target.changelog, source.head.sessionId, facts.start)),
    source,
    facts,
    label,
    sessionDir: directory,
    transcript,
  };
  const { changelog, outcome } = await recordEntry(target, run, options);
  const indexHtml = await pages;
  if (!isAlreadyExported || changelog.status === "recorded") {
    await appendRecord(directory, run, changelog, options.now());
  }
  return { result: { ...files, indexHtml, run: summarize(run, isAlreadyExported), changelog }, outcome };
}

function openDirectory(prepared: PreparedExport, options: ExportOptions): string {
  const { root, config, match, directory, label, startedAt } = prepared;
  const { tool, output } = options;
  if (output !== null) return openGivenDirectory(output, root, tool);
  return directory ?? createSessionDirectory({ root, tool, zone: config.tz, label, startedAt, match });
}

/**
 * Null if rendering failed: pages can be rendered again at any time, so the entry is recorded without them. But a file
 * system error and a held lock are thrown: the entry would permanently say that there are no pages, while the same
 * export succeeds once the cause is fixed.
 */
async function writePages(
  directory: string,
  { root, log, head, label, run }: PreparedExport,
  target: EntryTarget | null,
  { onNotice, repository = null, redacts = true }: ExportOptions,
): Promise<string | null> {
  try {
    const origin = await gitText(root, ["remote", "get-url", "origin"]);
    const links = linksOfFirst([repository, head.git.repositoryUrl, origin]);
    const actor = target?.actor ?? null;
    // If the secrets of the run are known from the start, the pages need not be rendered twice.
    const secrets = new Redactor(redacts ? run?.facts.secrets : null);
    return await writeTranscript(directory, { log, head, label, actor, links, redacts, secrets });
  } catch (error) {
    if (isFixable(error) || error instanceof LockHeldError) throw error;
    onNotice(`the transcript was not written: ${messageOf(error)}`);
    return null;
  }
}

/** Whether the directory is in the repository and git does not ignore it. */
async function isCommittable(root: string, directory: string): Promise<boolean> {
  if (!insideRoot(root, directory)) return false;
  const { code } = await git(root, ["check-ignore", "--quiet", "--", join(directory, "source_match.json")]);
  return code === 1;
}

/** Appends the export record: the next export starts where this one ended. */
async function appendRecord(directory: string, run: RunToRecord, outcome: ChangelogOutcome, now: Date): Promise<void> {
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

function summarize({ runId, continuationOf, source, facts }: RunToRecord, known: boolean): ExportedRun {
  const { evidence, parseStats: tally, start, end } = facts;
  const { prompts, failedCommands } = evidence;
  const texts = redactDeep({ prompts, failedCommands: failedCommands.map(({ command }) => command) }).value;
  const { from, to } = source.range;
  return { runId, continuationOf, known, from, to, start, end, ...texts, counts: count(evidence), tally };
}

function count({ touchedFiles, tests, commits }: Evidence): RunCounts {
  const { created, modified, deleted, moved } = touchedFiles;
  const withResult = (result: "pass" | "fail" | "unknown") => tests.filter((test) => test.result === result).length;
  return {
    files: created.length + modified.length + deleted.length + moved.length,
    tests: { pass: withResult("pass"), fail: withResult("fail"), unknown: withResult("unknown") },
    commits: commits.length,
  };
}
