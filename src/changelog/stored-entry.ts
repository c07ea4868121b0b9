// An entry as it is read, from a row of any version, and the choice of one entry among several rows of a run.
import { z } from "zod";
import { scrubPathsDeep } from "../secrets/scrub-paths.ts";
import { describeIssues, entrySchema, SCHEMA_VERSION, toUtc } from "./entry.ts";

/** A list of the valid items. */
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((items) =>
      items.map((each) => item.safeParse(each)).flatMap((read) => (read.success ? [read.data] : [])),
    );
const texts = listOf(z.string());

const optionalText = z.string().nullable().catch(null);
const optionalCount = z.number().nullable().catch(null);

/** A row of any version: missing or invalid values become null or empty. */
const storedEntrySchema = z.object({
  schema_version: z.int(),
  run_id: z.string().min(1),
  created_at: z.string().refine((value) => !Number.isNaN(Date.parse(value)), "expected a time"),
  tool: z.string().catch("unknown"),
  actor: z.string().catch("unknown"),
  project: z.string().catch(""),
  label: z.string().catch(""),
  session_id: optionalText,
  start: optionalText,
  end: optionalText,
  session_dir: optionalText,
  continuation_of_run_id: optionalText,
  transcript: z
    .object({
      output_dir: optionalText,
      index_html: optionalText,
      source_jsonl: optionalText,
      source_match_json: optionalText,
    })
    .catch({ output_dir: null, index_html: null, source_jsonl: null, source_match_json: null }),
  /** Null for version 1, whose rows were all written by a model. */
  evaluator: z
    .object({
      name: z.string(),
      model: optionalText,
      version: optionalText,
      digest: optionalText,
      input_tokens: optionalCount,
      output_tokens: optionalCount,
      cost_usd: z.number().optional().catch(undefined),
      duration_ms: optionalCount,
    })
    .nullable()
    .catch(null),
  summary: z.string().catch(""),
  bullets: texts,
  tags: texts,
  notes: optionalText,
  touched_files: z
    .object({
      created: texts,
      modified: texts,
      deleted: texts,
      moved: listOf(z.object({ from: z.string(), to: z.string() })),
    })
    .catch({ created: [], modified: [], deleted: [], moved: [] }),
  tests: listOf(z.object({ cmd: z.string(), result: z.enum(["pass", "fail", "unknown"]).catch("unknown") })),
  commits: listOf(z.object({ hash: z.string(), message: z.string(), path: z.string().optional().catch(undefined) })),
  redactions: z.number().catch(0),
});

export type StoredEntry = z.output<typeof storedEntrySchema>;

/** Reads a row of any version. `entry` is null if the row is not one; `problem` describes invalid values. */
export function readEntry(row: Record<string, unknown>): { entry: StoredEntry | null; problem: string | null } {
  const exact = entrySchema.safeParse(row);
  if (exact.success) return { entry: exact.data, problem: null };
  const stored = storedEntrySchema.safeParse(row);
  if (!stored.success) return { entry: null, problem: describeIssues(stored.error) };
  const version = stored.data.schema_version;
  if (version === 1) return { entry: fromVersion1(stored.data, row.project_root), problem: null };
  if (version !== SCHEMA_VERSION) return { entry: stored.data, problem: `unknown schema_version ${version}` };
  // A later version may add fields.
  const issues = exact.error.issues.filter(({ code }) => code !== "unrecognized_keys");
  return { entry: stored.data, problem: issues.length === 0 ? null : describeIssues(new z.ZodError(issues)) };
}

/** Converts the absolute paths and `+00:00` times of version 1, so that readers handle one kind of entry. */
function fromVersion1(entry: StoredEntry, projectRoot: unknown): StoredEntry {
  return {
    ...scrubPathsDeep(entry, { root: typeof projectRoot === "string" ? projectRoot : null }),
    created_at: toUtc(entry.created_at) ?? entry.created_at,
    start: toUtc(entry.start),
    end: toUtc(entry.end),
  };
}

/** Whether a model wrote the row. In version 1 every row was. */
export function isEvaluated({ evaluator }: { evaluator: { name: string } | null }): boolean {
  return evaluator?.name !== "builtin";
}

/**
 * Keeps the best row of each run: evaluated before `builtin`, then the latest. The order of the rows does not matter.
 */
export class RunFold {
  readonly #best = new Map<string, StoredEntry>();

  add(entry: StoredEntry): void {
    const other = this.#best.get(entry.run_id);
    if (other === undefined || isBetter(entry, other)) this.#best.set(entry.run_id, entry);
  }

  /** One entry per run, oldest run first. */
  entries(): StoredEntry[] {
    return [...this.#best.values()].sort((a, b) => startOf(a) - startOf(b) || compare(a.run_id, b.run_id));
  }
}

/** One entry per run, oldest run first. */
export function foldEntries(entries: Iterable<StoredEntry>): StoredEntry[] {
  const fold = new RunFold();
  for (const entry of entries) fold.add(entry);
  return fold.entries();
}

function isBetter(a: StoredEntry, b: StoredEntry): boolean {
  if (isEvaluated(a) !== isEvaluated(b)) return isEvaluated(a);
  // Compared as times, because version 1 writes `+00:00` and microseconds.
  const difference = Date.parse(a.created_at) - Date.parse(b.created_at);
  if (difference !== 0) return difference > 0;
  return compare(JSON.stringify(a), JSON.stringify(b)) > 0;
}

function startOf(entry: StoredEntry): number {
  const start = Date.parse(entry.start ?? "");
  return Number.isNaN(start) ? Date.parse(entry.created_at) : start;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
