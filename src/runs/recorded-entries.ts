// What is recorded already of the runs that are to be recorded: one pass over each changelog, whoever got the credit.
import { z } from "zod";
import { isEvaluated } from "../changelog/fold.ts";
import { parseLine, scanLines } from "../changelog/rows.ts";
import { entriesFiles } from "../changelog/session-files.ts";
import { instantOf } from "../events/timestamps.ts";
import type { DescribedRun } from "./described-run.ts";
import { lastName, mayMatter, sessionInName, Wanted } from "./row-filter.ts";

const text = z.string().nullable().catch(null);

/** What tells of a row which run it is of. It takes the rows that `readEntry` takes, and does far less to them. */
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
  /** The `entries.jsonl` it is in, and who got the credit. */
  path: string;
  actor: string;
  isEvaluated: boolean;
}

/** A run that has an entry, and what that tells of it. */
export interface RecordedRunTimes extends RecordedRun {
  label: string;
  start: string | null;
  end: string | null;
  continuationOf: string | null;
}

/** The entries of a project, as far as they may be about these runs, or about others of these sessions. */
export class RecordedRuns {
  readonly #byRun = new Map<string, RecordedRun>();
  /** Runs whose positions nobody knows are told apart by when they ended. */
  readonly #byEnd = new Map<string, RecordedRun>();
  readonly #byDirectory = new Map<string, RecordedRun>();
  readonly #bySession = new Map<string, Map<string, RecordedRunTimes>>();

  static read(root: string, runs: readonly DescribedRun[], sessions: readonly string[] = []): RecordedRuns {
    const recorded = new RecordedRuns();
    const wanted = wantedFor(runs, sessions);
    for (const path of entriesFiles(root)) {
      scanLines(path, (line) => {
        if (!mayMatter(line, wanted)) return;
        for (const row of parseLine(line).rows) {
          const read = rowSchema.safeParse(row);
          if (read.success) recorded.#add(read.data, path);
        }
      });
    }
    return recorded;
  }

  /** The entry of a run; null where it has none. */
  find(run: DescribedRun): RecordedRun | null {
    const { position, existingRunId, sessionId, tool, end, directory, hasWindow } = run;
    if (position !== null) return this.#byRun.get(position.runId) ?? null;
    const known = existingRunId === null ? undefined : this.#byRun.get(existingRunId);
    const bySession = sessionId === null || end === null ? undefined : this.#byEnd.get(endKey(sessionId, end));
    if (directory === null || (hasWindow && end === null)) return known ?? bySession ?? null;
    // The ancestor made one entry of a directory that keeps no books.
    const key = directoryKey(tool, lastName(directory), hasWindow ? end : null);
    return known ?? bySession ?? this.#byDirectory.get(key) ?? null;
  }

  /** The entry of a run by its id. */
  byId(runId: string): RecordedRun | null {
    return this.#byRun.get(runId) ?? null;
  }

  /** The runs of a session that have entries, in the order in which they ended. Only of sessions that were asked for. */
  inSession(sessionId: string): RecordedRunTimes[] {
    const runs = [...(this.#bySession.get(sessionId.toLowerCase())?.values() ?? [])];
    return runs.sort((a, b) => (instantOf(a.end) ?? 0) - (instantOf(b.end) ?? 0));
  }

  /** Those of them that are none of the session's runs that are known otherwise. */
  othersInSession(sessionId: string, runs: readonly DescribedRun[]): RecordedRunTimes[] {
    const told = new Set(runs.map((run) => this.find(run)?.runId ?? run.position?.runId));
    return this.inSession(sessionId).filter(({ runId }) => !told.has(runId));
  }

  #add(row: Row, path: string): void {
    const {
      run_id: runId,
      label,
      session_id,
      start,
      end,
      continuation_of_run_id: continuationOf,
      transcript,
      session_dir,
      tool,
      actor,
    } = row;
    const recorded = { runId, path, actor, isEvaluated: isEvaluated(row) };
    const session = session_id ?? sessionInName(transcript.source_jsonl ?? "");
    keep(this.#byRun, runId, recorded);
    if (session !== null && end !== null) keep(this.#byEnd, endKey(session, end), recorded);
    if (session !== null) this.#addTo(session, { ...recorded, label, start, end, continuationOf });
    if (row.schema_version !== 1 || session_dir === null) return;
    const name = lastName(session_dir);
    for (const at of [null, end]) keep(this.#byDirectory, directoryKey(tool, name, at), recorded);
  }

  #addTo(session: string, run: RecordedRunTimes): void {
    const key = session.toLowerCase();
    const runs = this.#bySession.get(key) ?? new Map<string, RecordedRunTimes>();
    keep(runs, run.runId, run);
    this.#bySession.set(key, runs);
  }
}

/** An evaluated entry stands before a `builtin` one of the same run. */
function keep<Run extends RecordedRun>(runs: Map<string, Run>, key: string, recorded: Run): void {
  if (runs.get(key)?.isEvaluated !== true) runs.set(key, recorded);
}

function endKey(sessionId: string, end: string): string {
  return `${sessionId.toLowerCase()} ${instantOf(end)}`;
}

function directoryKey(tool: string, name: string, end: string | null): string {
  return `${tool} ${name} ${instantOf(end)}`;
}

function wantedFor(runs: readonly DescribedRun[], sessions: readonly string[]): Wanted {
  const placeless = runs.filter(({ position }) => position === null);
  const ids = runs.map(({ position, existingRunId }) => position?.runId ?? existingRunId);
  return new Wanted(
    ids.filter((id) => id !== null),
    [...placeless.flatMap(({ sessionId }) => sessionId ?? []), ...sessions],
    placeless.flatMap(({ directory }) => (directory === null ? [] : lastName(directory))),
  );
}
