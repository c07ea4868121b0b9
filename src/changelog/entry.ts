// An entry as it is written: one line of `entries.jsonl`, exactly this shape.
import { z } from "zod";
import { toolSchema } from "../agents/tool-schema.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { scrubPaths } from "../secrets/scrub-paths.ts";
import { sha256 } from "../system/crypto.ts";

export const SCHEMA_VERSION = 2;

/** How long texts (in UTF-16 units) and lists may be. */
export const LIMITS = {
  path: 4096,
  label: 500,
  summary: 4000,
  bullet: 2000,
  bullets: 100,
  tag: 100,
  tags: 100,
  notes: 8000,
  command: 4000,
  message: 2000,
  items: 10_000,
} as const;

const time = z.iso.datetime();
const hex16 = z.string().regex(/^[0-9a-f]{16}$/, "expected 16 hex digits");
const count = z.int().nonnegative();
const text = (max: number) => z.string().max(max);
const path = z
  .string()
  .min(1)
  .max(LIMITS.path)
  .refine((value) => scrubPaths(value, {}) === value, "holds a home path or an e-mail address");
const paths = z.array(path).max(LIMITS.items);

/** What may be written: exactly these keys. Texts and lists are bounded, paths are relative or begin with `~/`. */
export const entrySchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  run_id: hex16,
  created_at: z.iso.datetime({ precision: 3 }),
  tool: toolSchema,
  actor: z.string().regex(/^[a-z0-9_-][a-z0-9._-]{0,63}$/, "expected an actor's slug"),
  project: text(255),
  label: text(LIMITS.label),
  session_id: text(200).min(1),
  /** Null where the log tells no time. */
  start: time.nullable(),
  end: time.nullable(),
  session_dir: path.nullable(),
  continuation_of_run_id: hex16.nullable(),
  transcript: z.strictObject({
    output_dir: path.nullable(),
    index_html: path.nullable(),
    source_jsonl: path.nullable(),
    source_match_json: path.nullable(),
  }),
  evaluator: z.strictObject({
    name: z.enum<readonly string[]>(EVALUATOR_NAMES),
    model: text(200).nullable(),
    version: text(100).nullable(),
    /** Null for `builtin`, which reads no digest. */
    digest: z.enum(["full", "budget"]).nullable(),
    input_tokens: count.nullable(),
    output_tokens: count.nullable(),
    /** What the evaluator reckons that it cost; absent where it does not. */
    cost_usd: z.number().nonnegative().optional(),
    duration_ms: count,
  }),
  summary: text(LIMITS.summary),
  bullets: z.array(text(LIMITS.bullet)).max(LIMITS.bullets),
  tags: z.array(text(LIMITS.tag)).max(LIMITS.tags),
  notes: text(LIMITS.notes).nullable(),
  touched_files: z.strictObject({
    created: paths,
    modified: paths,
    deleted: paths,
    moved: z.array(z.strictObject({ from: path, to: path })).max(LIMITS.items),
  }),
  tests: z
    .array(z.strictObject({ cmd: text(LIMITS.command), result: z.enum(["pass", "fail", "unknown"]) }))
    .max(LIMITS.items),
  commits: z
    .array(
      z.strictObject({
        hash: z.string().regex(/^[0-9a-f]{4,64}$/, "expected a commit hash"),
        message: text(LIMITS.message),
      }),
    )
    .max(LIMITS.items),
  redactions: count,
});

export type Entry = z.output<typeof entrySchema>;

/** Names a run, the same in every clone: the first 16 hex digits of a hash over what it is and where it begins. */
export function runId(tool: string, sessionId: string, from: number): string {
  return sha256(JSON.stringify([tool, sessionId, from])).slice(0, 16);
}

/** Where a row does not fit its schema, in one line; values are not quoted. */
export function describeIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map(({ path: where, message }) => `${where.join(".") || "row"}: ${message}`);
  const rest = error.issues.length - issues.length;
  return issues.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}
