// What is recorded already of the runs a backfill is about: one pass over each changelog, whoever got the credit.
import { z } from "zod";
import { instantOf } from "../../sessions/instant.ts";
import { isEvaluated } from "../fold.ts";
import { parseLine, scanLines } from "../rows.ts";
import { entriesFiles } from "../session-files.ts";
import type { DescribedRun } from "./described-run.ts";
import { lastName, mayMatter, sessionInName, Wanted } from "./wanted-rows.ts";

const text = z.string().nullable().catch(null);

/** What tells of a row which run it is of. It takes the rows that `readEntry` takes, and does far less to them. */
const rowSchema = z.object({
  schema_version: z.int(),
  run_id: z.string().min(1),
  created_at: z.string().refine((value) => !Number.isNaN(Date.parse(value))),
  tool: z.string().catch("unknown"),
  actor: z.string().catch("unknown"),
  session_id: text,
  end: text,
  session_dir: text,
  transcript: z.object({ source_jsonl: text }).catch({ source_jsonl: null }),
  evaluator: z.object({ name: z.string() }).nullable().catch(null),
});

type Row = z.output<typeof rowSchema>;

/** A run that has an entry. */
export interface Recorded {
  runId: string;
  /** The `entries.jsonl` it is in, and who got the credit. */
  path: string;
  actor: string;
  isEvaluated: boolean;
}

/** The entries of a project, as far as they may be about these runs. */
export class RecordedRuns {
  readonly #byRun = new Map<string, Recorded>();
  /** Runs whose positions nobody knows are told apart by when they ended. */
  readonly #byEnd = new Map<string, Recorded>();
  readonly #byDirectory = new Map<string, Recorded>();

  static read(root: string, runs: readonly DescribedRun[]): RecordedRuns {
    const recorded = new RecordedRuns();
    const wanted = wantedFor(runs);
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
  of(run: DescribedRun): Recorded | null {
    const { position, ancestorRunId, sessionId, tool, end, directory, isStated } = run;
    if (position !== null) return this.#byRun.get(position.runId) ?? null;
    const known = ancestorRunId === null ? undefined : this.#byRun.get(ancestorRunId);
    const bySession = sessionId === null || end === null ? undefined : this.#byEnd.get(endKey(sessionId, end));
    if (isStated && end === null) return known ?? bySession ?? null;
    // The ancestor made one entry of a directory that keeps no books.
    const key = directoryKey(tool, lastName(directory), isStated ? end : null);
    return known ?? bySession ?? this.#byDirectory.get(key) ?? null;
  }

  /** The entry of a run by its id. */
  byId(runId: string): Recorded | null {
    return this.#byRun.get(runId) ?? null;
  }

  #add(row: Row, path: string): void {
    const { run_id: runId, session_id, end, transcript, session_dir, tool, actor } = row;
    const recorded = { runId, path, actor, isEvaluated: isEvaluated(row) };
    const session = session_id ?? sessionInName(transcript.source_jsonl ?? "");
    keep(this.#byRun, runId, recorded);
    if (session !== null && end !== null) keep(this.#byEnd, endKey(session, end), recorded);
    if (row.schema_version !== 1 || session_dir === null) return;
    const name = lastName(session_dir);
    for (const at of [null, end]) keep(this.#byDirectory, directoryKey(tool, name, at), recorded);
  }
}

/** An evaluated entry stands before a `builtin` one of the same run. */
function keep(runs: Map<string, Recorded>, key: string, recorded: Recorded): void {
  if (runs.get(key)?.isEvaluated !== true) runs.set(key, recorded);
}

function endKey(sessionId: string, end: string): string {
  return `${sessionId.toLowerCase()} ${instantOf(end)}`;
}

function directoryKey(tool: string, name: string, end: string | null): string {
  return `${tool} ${name} ${instantOf(end)}`;
}

function wantedFor(runs: readonly DescribedRun[]): Wanted {
  const placeless = runs.filter(({ position }) => position === null);
  const ids = runs.map(({ position, ancestorRunId }) => position?.runId ?? ancestorRunId);
  return new Wanted(
    ids.filter((id) => id !== null),
    placeless.flatMap(({ sessionId }) => sessionId ?? []),
    placeless.map(({ directory }) => lastName(directory)),
  );
}
