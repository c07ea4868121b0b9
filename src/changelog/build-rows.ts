// Builds the rows of a run: its entry and its failure, without secrets, home paths or addresses.
import { hostname } from "node:os";
import { basename } from "node:path";
import type { Evaluation } from "../evaluate/evaluator.ts";
import type { Failure } from "../evaluate/failure.ts";
import { mapStrings } from "../secrets/map-strings.ts";
import { type ScrubContext, scrubPaths, scrubPathsDeep } from "../secrets/scrub-paths.ts";
import { stripInvisible } from "../system/invisible-chars.ts";
import { portablePath } from "../system/paths.ts";
import { stripTerminalCodes } from "../system/terminal-codes.ts";
import { repositoryFolder } from "../system/worktrees.ts";
import { type Entry, SCHEMA_VERSION } from "./entry.ts";
import type { FailureRow } from "./failures.ts";
import type { RunFacts, RunSource } from "./run-facts.ts";

export interface RunToRecord {
  runId: string;
  /** The run before this one in the same session. */
  continuationOf: string | null;
  source: RunSource;
  facts: RunFacts;
  label: string;
  /** The session directory, absolute; null if there is none. */
  sessionDir: string | null;
  /** A promise, so that a model can work while the transcript is written. If it fails, no entry is recorded. */
  transcript: Promise<TranscriptFiles>;
}

export interface TranscriptFiles {
  indexHtml: string | null;
  sourceJsonl: string | null;
  sourceMatchJson: string | null;
}

/** The name of the repository, or of the project folder; `~` for a home folder, whose name is that of a person. */
export function projectName({ root, home }: RunSource): string {
  const folder = repositoryFolder(root);
  return folder === home ? "~" : basename(folder).replace(/(.)\.git$/, "$1");
}

/** The paths and the host name that are removed from texts. */
export function scrubContext({ root, home }: RunSource): ScrubContext {
  return { root, home, host: hostname() };
}

export function toEntry(
  run: RunToRecord,
  transcript: TranscriptFiles,
  evaluation: Evaluation,
  { actor, now }: { actor: string; now: () => Date },
): Entry {
  const { source, facts, sessionDir } = run;
  const stored = (path: string | null) => (path === null ? null : portablePath(path, source.root, source.home));
  const { summary, bullets, tags, notes } = evaluation.description;
  const { touchedFiles, tests, commits } = facts.evidence;
  const { secrets } = facts;
  const label = stripInvisible(stripTerminalCodes(run.label)).replaceAll(/\p{Cc}+/gu, " ");
  const texts = secrets.redactDeep({ label, summary, bullets, tags, notes, tests, commits });
  const files = secrets.redactDeep(mapStrings(touchedFiles, (path) => projectPath(path, source)));
  return {
    schema_version: SCHEMA_VERSION,
    run_id: run.runId,
    created_at: now().toISOString(),
    tool: source.log.tool,
    actor,
    project: projectName(source),
    session_id: source.head.sessionId,
    start: facts.start,
    end: facts.end,
    session_dir: stored(sessionDir),
    continuation_of_run_id: run.continuationOf,
    transcript: {
      output_dir: stored(sessionDir),
      index_html: stored(transcript.indexHtml),
      source_jsonl: stored(transcript.sourceJsonl),
      source_match_json: stored(transcript.sourceMatchJson),
    },
    evaluator: evaluation.evaluator,
    ...scrubPathsDeep(texts.value, scrubContext(source)),
    touched_files: files.value,
    redactions: texts.count + files.count + evaluation.redactions,
  };
}

/** Paths relative to the project are kept as they are, even if they contain the host name. */
function projectPath(path: string, source: RunSource): string {
  return /^[~/]/.test(path) ? scrubPaths(path, scrubContext(source)) : path;
}

export function failureRow(
  { runId, source, facts }: RunToRecord,
  failure: Failure,
  { evaluator, now }: { evaluator: { name: string }; now: () => Date },
): FailureRow {
  const texts = facts.secrets.redactDeep({ message: failure.message, stderr_tail: failure.stderrTail });
  return {
    run_id: runId,
    created_at: now().toISOString(),
    session_id: source.head.sessionId,
    tool: source.log.tool,
    class: failure.class,
    ...scrubPathsDeep(texts.value, scrubContext(source)),
    evaluator: evaluator.name,
    source: scrubPaths(portablePath(source.log.path, source.root, source.home), scrubContext(source)),
    retry_at: failure.retryAt,
  };
}
