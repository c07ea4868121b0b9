// The runs that have changelog entries, by every actor, found in one pass over each `entries.jsonl`.
import { z } from "zod";
import { entriesFiles } from "../changelog/project-entries.ts";
import { parseLine, scanLines } from "../changelog/rows.ts";
import { isEvaluated } from "../changelog/stored-entry.ts";
import { instantOf } from "../events/timestamps.ts";
import { RowFilter } from "./row-filter.ts";
import type { RunDescription } from "./run-description.ts";

const text = z.string().nullable().catch(null);

/** The fields that identify the run of a row. This schema accepts the same rows as `readEntry`, at much lower cost. */
const rowSchema = z.object({
  schema_version: z.int(),
  run_id: z.string().min(1),
  created_at: z.string().refine((value) => !Number.isNaN(Date.parse(value))),
  tool: z.string().catch("unknown"),
  actor: z.string().catch("unknown"),
  label: z.string().catch(""),
  session_id: text,
  start: text,
  end: text,
  session_dir: text,
  continuation_of_run_id: text,
  transcript: z.object({ source_jsonl: text }).catch({ source_jsonl: null }),
  evaluator: z.object({ name: z.string() }).nullable().catch(null),
});

type Row = z.output<typeof rowSchema>;

/** A run that has an entry. */
export interface RecordedRun {
  runId: string;
  /** The `entries.jsonl` that contains the entry. */
  path: string;
  actor: string;
  isEvaluated: boolean;
}

/** A run that has an entry, with its times. */
export interface RecordedRunTimes extends RecordedRun {
  label: string;
  start: string | null;
  end: string | null;
  continuationOf: string | null;
}

/** The entries of a project for some runs, or for all runs of some sessions. */
export class RecordedRuns {
  readonly #byRun = new Map<string, RecordedRun>();
  /** Identifies runs without positions by the time at which they ended. */
  readonly #byEnd = new Map<string, RecordedRun>();
  readonly #byDirectory = new Map<string, RecordedRun>();
  readonly #bySession = new Map<string, Map<string, RecordedRunTimes>>();

  static read(root: string, runs: readonly RunDescription[], sessions: readonly string[] = []): RecordedRuns {
    const recorded = new RecordedRuns();
    const filter = filterFor(runs, sessions);
    for (const path of entriesFiles(root)) {
      scanLines(path, (line) => {
        if (!filter.mayMatch(line)) return;
        for (const row of parseLine(line).rows) {
          const read = rowSchema.safeParse(row);
          if (read.success) recorded.#add(read.data, path);
        }
      });
    }
    return recorded;
  }

  /** The entry of a run; null if it has none. */
  find(run: RunDescription): RecordedRun | null {
    const { position, existingRunId, sessionId, tool, end, directory, hasWindow } = run;
    if (position !== null) return this.#byRun.get(position.runId) ?? null;
    const known = existingRunId === null ? undefined : this.#byRun.get(existingRunId);
    const bySession = sessionId === null || end === null ? undefined : this.#byEnd.get(endKey(sessionId, end));
    if (directory === null || (hasWindow && end === null)) return known ?? bySession ?? null;
    // Version 1 wrote one entry for a directory without export records.
    const key = directoryKey(tool, lastName(directory), hasWindow ? end : null);
    return known ?? bySession ?? this.#byDirectory.get(key) ?? null;
  }

  /** The entry of a run by its id. */
  byId(runId: string): RecordedRun | null {
    return this.#byRun.get(runId) ?? null;
  }

  /** The runs of the requested sessions that have entries, in the order in which they ended. */
  inSession(sessionId: string): RecordedRunTimes[] {
    const runs = [...(this.#bySession.get(sessionId.toLowerCase())?.values() ?? [])];
    return runs.sort((a, b) => (instantOf(a.end) ?? 0) - (instantOf(b.end) ?? 0));
  }

  /** The runs of a session that have entries, except the given runs. */
  othersInSession(sessionId: string, runs: readonly RunDescription[]): RecordedRunTimes[] {
    const known = new Set(runs.map((run) => this.find(run)?.runId ?? run.position?.runId));
    return this.inSession(sessionId).filter(({ runId }) => !known.has(runId));
  }

  #add(row: Row, path: string): void {
    const { run_id: runId, label, start, end, continuation_of_run_id: continuationOf, session_dir, tool, actor } = row;
    const recorded = { runId, path, actor, isEvaluated: isEvaluated(row) };
    const session = row.session_id ?? sessionInName(row.transcript.source_jsonl ?? "");
    addBest(this.#byRun, runId, recorded);
    if (session !== null && end !== null) addBest(this.#byEnd, endKey(session, end), recorded);
    if (session !== null) this.#addTo(session, { ...recorded, label, start, end, continuationOf });
    if (row.schema_version !== 1 || session_dir === null) return;
    const name = lastName(session_dir);
    for (const at of [null, end]) addBest(this.#byDirectory, directoryKey(tool, name, at), recorded);
  }

  #addTo(session: string, run: RecordedRunTimes): void {
    const key = session.toLowerCase();
    const runs = this.#bySession.get(key) ?? new Map<string, RecordedRunTimes>();
    addBest(runs, run.runId, run);
    this.#bySession.set(key, runs);
  }
}

/** An evaluated entry takes precedence over a `builtin` one of the same run. */
function addBest<Run extends RecordedRun>(runs: Map<string, Run>, key: string, recorded: Run): void {
  if (runs.get(key)?.isEvaluated !== true) runs.set(key, recorded);
}

function endKey(sessionId: string, end: string): string {
  return `${sessionId.toLowerCase()} ${instantOf(end)}`;
}

function directoryKey(tool: string, name: string, end: string | null): string {
  return `${tool} ${name} ${instantOf(end)}`;
}

function filterFor(runs: readonly RunDescription[], sessions: readonly string[]): RowFilter {
  const unplaced = runs.filter(({ position }) => position === null);
  const ids = runs.map(({ position, existingRunId }) => position?.runId ?? existingRunId);
  return new RowFilter(
    ids.filter((id) => id !== null),
    [...unplaced.flatMap(({ sessionId }) => sessionId ?? []), ...sessions],
    unplaced.flatMap(({ directory }) => (directory === null ? [] : lastName(directory))),
  );
}

/** The last part of a path, which may have the separators of any system. */
function lastName(path: string): string {
  return path.split(/[/\\]+/).findLast((name) => name !== "") ?? "";
}

/** The session id in the file name of a native log; null if there is none. */
export function sessionInName(path: string): string | null {
  const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=[^/\\]*\.jsonl(?:\.zst)?$)/i.exec(path)?.[0];
  return id?.toLowerCase() ?? null;
}
