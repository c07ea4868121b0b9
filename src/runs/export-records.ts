// `export_runs.jsonl` of a session directory: one record per export, so that the next run starts where the last one
// ended.
import { basename, join } from "node:path";
import { z } from "zod";
import { toolSchema } from "../agents/tool-schema.ts";
import { describeIssues, LIMITS, SCHEMA_VERSION, toUtc } from "../changelog/entry.ts";
import { parseLine, type RowProblem, scanLines } from "../changelog/rows.ts";
import { appendLine, jsonLine } from "../system/append.ts";
import { readStart } from "../system/regular-file.ts";

const MAX_TYPES = 100;
/** Longer than any record. */
const FIRST_RECORD_BYTES = 64 * 1024;

const hex16 = z.string().regex(/^[0-9a-f]{16}$/, "expected 16 hex digits");
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "expected a SHA-256");
const count = z.int().nonnegative();
const time = z.string().nullable().transform(toUtc);

/** What happened to the changelog entry. `nothing`: the run was empty. `pending`: the run is not evaluated yet. */
const outcomeSchema = z.strictObject({
  status: z.enum(["recorded", "exists", "pending", "failed", "nothing", "off"]),
  evaluator: z.string().max(100).nullable(),
});

const exportRecordSchema = z.strictObject({
  schema_version: z.literal(SCHEMA_VERSION),
  run_id: hex16,
  created_at: z.iso.datetime({ precision: 3 }),
  tool: toolSchema,
  session_id: z.string().min(1).max(200),
  label: z.string().transform((label) => label.slice(0, LIMITS.label)),
  /** The requested window. */
  start: time,
  end: time,
  /** Byte positions in the uncompressed log. */
  from: count,
  to: count,
  /** SHA-256 of the log's bytes before `from`. */
  prefix_hash: sha256.nullable(),
  /** SHA-256 of the log's bytes before `to`: as long as the log matches it, the next run may start at `to`. */
  end_hash: sha256.nullable(),
  first_at: time,
  last_at: time,
  records: count,
  unparsable: count,
  /** How often each unknown record type occurred. */
  unknown: z.record(z.string().max(200), count),
  changelog: outcomeSchema,
  continuation_of_run_id: hex16.nullable(),
});

export type ExportRecord = z.output<typeof exportRecordSchema>;

const optionalText = z.string().nullable().catch(null);
const optionalCount = z.int().nonnegative().nullable().catch(null);

/** A record as it is read: version 1 has a window, but neither positions nor a session id. */
const storedRecordSchema = z.object({
  schema_version: z.int().catch(1),
  run_id: optionalText,
  created_at: optionalText,
  tool: optionalText,
  session_id: optionalText,
  label: optionalText,
  start: optionalText,
  end: optionalText,
  from: optionalCount,
  to: optionalCount,
  prefix_hash: optionalText,
  end_hash: optionalText,
  first_at: optionalText,
  last_at: optionalText,
  continuation_of_run_id: optionalText,
  changelog: outcomeSchema.nullable().catch(null),
});

export type StoredExportRecord = z.output<typeof storedRecordSchema>;

/** The last label of a session, as it was given; null if no record has one. */
export function lastLabel(records: readonly StoredExportRecord[]): string | null {
  return records.findLast(({ label }) => label !== null)?.label ?? null;
}

const version1Schema = z.object({
  source_path: optionalText,
  copied_jsonl: optionalText,
  changelog_enabled: z.boolean().catch(false),
  changelog_run_id: optionalText,
  changelog_appended: z.boolean().nullable().catch(null),
  changelog_evaluator: optionalText,
});

/** The export records of a session directory, in file order; none if the file is missing. */
export function readExportRecords(directory: string): { records: StoredExportRecord[]; problems: RowProblem[] } {
  const records: StoredExportRecord[] = [];
  const problems: RowProblem[] = [];
  const visit = (bytes: Buffer, line: number) => {
    const parsed = parseLine(bytes);
    for (const problem of parsed.problems) problems.push({ line, problem });
    records.push(...parsed.rows.map(toStoredRecord));
  };
  scanLines(pathOf(directory), visit, (line) => problems.push({ line, problem: "too long for a row" }));
  return { records, problems };
}

/** The export records of one session in a directory. Lines that do not contain its id are not parsed. */
export function readRecordsOfSession(directory: string, sessionId: string): StoredExportRecord[] {
  const records: StoredExportRecord[] = [];
  const needle = JSON.stringify(sessionId).slice(1, -1);
  scanLines(pathOf(directory), (bytes) => {
    if (bytes.includes(needle)) records.push(...parseLine(bytes).rows.map(toStoredRecord));
  });
  return records.filter((record) => record.session_id === sessionId);
}

/** Whether a directory has a complete export record: a crash can leave the file empty, or with half a record. */
export function hasExportRecords(directory: string): boolean {
  return readStart(pathOf(directory), FIRST_RECORD_BYTES)?.includes("\n") ?? false;
}

export function appendExportRecord(directory: string, record: ExportRecord): void {
  const result = exportRecordSchema.safeParse({ ...record, unknown: mostFrequent(record.unknown) });
  if (!result.success) throw new Error(`invalid export record: ${describeIssues(result.error)}`);
  appendLine(pathOf(directory), jsonLine(result.data));
}

function pathOf(directory: string): string {
  return join(directory, "export_runs.jsonl");
}

function toStoredRecord(row: Record<string, unknown>): StoredExportRecord {
  const record = storedRecordSchema.parse(row);
  return record.schema_version === 1 ? fromVersion1(record, row) : record;
}

/** Version 1 names the session only in the file name of its log. */
function fromVersion1(record: StoredExportRecord, row: Record<string, unknown>): StoredExportRecord {
  const old = version1Schema.parse(row);
  const log = basename((old.source_path ?? old.copied_jsonl ?? "").replaceAll("\\", "/"));
  const sessionId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=\.jsonl)/i.exec(log)?.[0] ?? null;
  const status = old.changelog_appended ? "recorded" : old.changelog_enabled ? "failed" : "off";
  return {
    ...record,
    run_id: record.run_id ?? old.changelog_run_id,
    session_id: record.session_id ?? sessionId,
    changelog: { status, evaluator: old.changelog_evaluator },
  };
}

/** Record types come from a log: their number and length are limited. */
function mostFrequent(counts: Record<string, number>): Record<string, number> {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return Object.fromEntries(sorted.slice(0, MAX_TYPES).map(([type, n]) => [type.slice(0, 200), n]));
}
