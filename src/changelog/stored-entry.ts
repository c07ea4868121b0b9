// An entry as it is read: rows of any version, of any age, from any writer.
import { z } from "zod";
import { scrubPathsDeep } from "../secrets/scrub-paths.ts";
import { describeIssues, entrySchema, SCHEMA_VERSION } from "./entry.ts";
import { toUtc } from "./utc.ts";

/** A list without what does not belong in it. */
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

/** What a reader makes of a row of any version: what is missing or misshapen is null or empty, the rest is kept. */
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
  /** Null for version 1, whose rows all come from a model. */
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
  commits: listOf(z.object({ hash: z.string(), message: z.string() })),
  redactions: z.number().catch(0),
});

export type StoredEntry = z.output<typeof storedEntrySchema>;

/** Reads a row of any version. `entry` is null when it is none; `problem` says what does not fit. */
export function readEntry(row: Record<string, unknown>): { entry: StoredEntry | null; problem: string | null } {
  const exact = entrySchema.safeParse(row);
  if (exact.success) return { entry: exact.data, problem: null };
  const stored = storedEntrySchema.safeParse(row);
  if (!stored.success) return { entry: null, problem: describeIssues(stored.error) };
  const version = stored.data.schema_version;
  if (version === 1) return { entry: fromVersion1(stored.data, row.project_root), problem: null };
  if (version !== SCHEMA_VERSION) return { entry: stored.data, problem: `unknown schema_version ${version}` };
  return { entry: stored.data, problem: describeIssues(exact.error) };
}

/** Version 1 wrote absolute paths and `+00:00`: made like ours, so that every reader knows one kind of entry. */
function fromVersion1(entry: StoredEntry, projectRoot: unknown): StoredEntry {
  return {
    ...scrubPathsDeep(entry, { root: typeof projectRoot === "string" ? projectRoot : null }),
    created_at: toUtc(entry.created_at) ?? entry.created_at,
    start: toUtc(entry.start),
    end: toUtc(entry.end),
  };
}
