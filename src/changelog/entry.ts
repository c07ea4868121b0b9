// An entry as it is written: one line of `entries.jsonl`.
import { z } from "zod";
import { toolSchema } from "../agents/tool-schema.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { cutText } from "../evidence/plain-text.ts";
import { scrubPaths } from "../secrets/scrub-paths.ts";
import { sha256 } from "../system/crypto.ts";

/** Version 1 was written by the earlier Python tool of the same name. */
export const SCHEMA_VERSION = 2;

/** The maximum lengths of texts (in UTF-16 units) and lists. */
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
  .refine((value) => scrubPaths(value, {}) === value, "contains a home path or an e-mail address");
const paths = z.array(path).max(LIMITS.items);

/** Exactly these keys. Texts and lists have maximum lengths; paths are relative or start with `~/`. */
export const entrySchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  run_id: hex16,
  created_at: z.iso.datetime({ precision: 3 }),
  tool: toolSchema,
  actor: z
    .string()
    .regex(
      /^[a-z0-9_-][a-z0-9._-]{0,63}$/,
      "expected an actor: lowercase letters, digits, dots, hyphens and underscores",
    ),
  project: text(255),
  label: text(LIMITS.label),
  session_id: text(200).min(1),
  /** Null if the log has no times. */
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
    /** Null for `builtin`, which does not use a digest. */
    digest: z.enum(["full", "budget"]).nullable(),
    input_tokens: count.nullable(),
    output_tokens: count.nullable(),
    /** The cost as the evaluator reports it; absent if it does not. */
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
        /** The submodule or nested repository of the commit; absent if it is the project's. */
        path: path.optional(),
      }),
    )
    .max(LIMITS.items),
  redactions: count,
});

export type Entry = z.output<typeof entrySchema>;

/** The id of a run, the same in every clone: 16 hex digits of a hash over its session and the position of its start. */
export function runId(tool: string, sessionId: string, from: number): string {
  return sha256(JSON.stringify([tool, sessionId, from])).slice(0, 16);
}

/** How a row differs from its schema, in one line, without its values. */
export function describeIssues(error: z.ZodError): string {
  const issues = error.issues.slice(0, 3).map(({ path: where, message }) => `${where.join(".") || "row"}: ${message}`);
  const rest = error.issues.length - issues.length;
  return issues.join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/**
 * Cuts an entry to `LIMITS` and removes home paths, so that a long list or label never costs the entry. `notes` then
 * start with the names of the lists that were cut. Fewer `items` make a shorter row.
 */
export function fitEntry(entry: Entry, items: number = LIMITS.items): Entry {
  const cuts: string[] = [];
  const list = <T>(name: string, all: readonly T[], max: number): T[] => {
    if (all.length > max) cuts.push(`${name}: the first ${max} of ${all.length} are listed`);
    return all.slice(0, max);
  };
  const files = entry.touched_files;
  const { output_dir, index_html, source_jsonl, source_match_json } = entry.transcript;
  const fitted: Entry = {
    ...entry,
    label: cutText(entry.label, LIMITS.label),
    start: toUtc(entry.start),
    end: toUtc(entry.end),
    session_dir: fitPath(entry.session_dir),
    transcript: {
      output_dir: fitPath(output_dir),
      index_html: fitPath(index_html),
      source_jsonl: fitPath(source_jsonl),
      source_match_json: fitPath(source_match_json),
    },
    summary: cutText(entry.summary, LIMITS.summary),
    bullets: list("bullets", entry.bullets, LIMITS.bullets).map((bullet) => cutText(bullet, LIMITS.bullet)),
    tags: list("tags", entry.tags, LIMITS.tags).map((tag) => cutText(tag, LIMITS.tag)),
    touched_files: {
      created: list("created files", files.created, items).map(fitPath),
      modified: list("modified files", files.modified, items).map(fitPath),
      deleted: list("deleted files", files.deleted, items).map(fitPath),
      moved: list("moved files", files.moved, items).map(({ from, to }) => ({
        from: fitPath(from),
        to: fitPath(to),
      })),
    },
    tests: list("tests", entry.tests, items).map((run) => ({ ...run, cmd: cutText(run.cmd, LIMITS.command) })),
    commits: list("commits", entry.commits, items).map((commit) => ({
      ...commit,
      message: cutText(commit.message, LIMITS.message),
      ...(commit.path === undefined ? {} : { path: fitPath(commit.path) }),
    })),
  };
  const notes = [...cuts, entry.notes ?? ""].filter((note) => note !== "").join("\n");
  return { ...fitted, notes: notes === "" ? entry.notes : cutText(notes, LIMITS.notes) };
}

/** Scrubs repeatedly: removing or cutting one part can reveal the next. */
function fitPath<P extends string | null>(path: P): P | string {
  if (path === null) return path;
  const fitted = cutText(scrubPaths(path, {}), LIMITS.path);
  return fitted === path ? fitted : fitPath(fitted);
}

/** A time as ISO 8601 UTC with its original precision; null for no time, or a time that a row cannot contain. */
export function toUtc(time: string | null): string | null {
  const at = Date.parse(time ?? "");
  if (time === null || Number.isNaN(at)) return null;
  const utc = new Date(at).toISOString();
  // `Date` accepts years of six digits, and reads February 30 as March 2.
  if (!/^\d{4}-/.test(utc)) return null;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(time)) return utc;
  return time.slice(0, 19) === utc.slice(0, 19) ? time : null;
}
