// An entry as it is read: rows of any version, of any age, from any writer.
import { z } from "zod";
import { describeIssues, entrySchema, SCHEMA_VERSION } from "./entry.ts";

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
      duration_ms: optionalCount,
    })
    .nullable()
    .catch(null),
  summary: z.string().catch(""),
  bullets: z.array(z.string()).catch([]),
  tags: z.array(z.string()).catch([]),
  notes: optionalText,
  touched_files: z
    .object({
      created: z.array(z.string()).catch([]),
      modified: z.array(z.string()).catch([]),
      deleted: z.array(z.string()).catch([]),
      moved: z.array(z.object({ from: z.string(), to: z.string() })).catch([]),
    })
    .catch({ created: [], modified: [], deleted: [], moved: [] }),
  tests: z.array(z.object({ cmd: z.string(), result: z.enum(["pass", "fail", "unknown"]).catch("unknown") })).catch([]),
  commits: z.array(z.object({ hash: z.string(), message: z.string() })).catch([]),
  redactions: z.number().catch(0),
});

export type StoredEntry = z.output<typeof storedEntrySchema>;

/** Reads a row of any version. `entry` is null when it is none; `problem` says what does not fit. */
export function readEntry(row: Record<string, unknown>): { entry: StoredEntry | null; problem: string | null } {
  const stored = storedEntrySchema.safeParse(row);
  if (!stored.success) return { entry: null, problem: describeIssues(stored.error) };
  const version = stored.data.schema_version;
  if (version === 1) return { entry: stored.data, problem: null };
  if (version !== SCHEMA_VERSION) return { entry: stored.data, problem: `unknown schema_version ${version}` };
  const exact = entrySchema.safeParse(row);
  return { entry: stored.data, problem: exact.success ? null : describeIssues(exact.error) };
}
