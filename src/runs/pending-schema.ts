// Reads the records of pending runs. A record may have another version, or be damaged because its process was killed.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { BOUND_RULES } from "../agents/binding.ts";
import { toolSchema } from "../agents/tool-schema.ts";
import { describeIssues } from "../changelog/entry.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { snapshotSchema } from "../evidence/git/snapshot.ts";
import { hasCode, messageOf } from "../system/errors.ts";
import { parseJsonObject } from "../system/json.ts";
import { isFixable } from "../system/system-errors.ts";
import type { PendingRun } from "./pending.ts";

const SCHEMA_VERSION = 1;

const text = z.string().max(4096);

const schema = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  tool: toolSchema,
  label: text.nullable(),
  root: text,
  cwd: text,
  env: z.record(text, text),
  settings: z.object({
    changelog: z.boolean().nullable(),
    actor: text.nullable(),
    evaluator: z.enum(EVALUATOR_NAMES).nullable(),
    model: text.nullable(),
    timeoutMs: z.number().nullable(),
    repository: text.nullable().default(null),
  }),
  started_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
  resume: z.object({ id: text.nullable() }).nullable(),
  session_id: text.nullable(),
  before: z.object({ snapshot: snapshotSchema, done_at: z.iso.datetime() }).nullable(),
  others: z.int().nonnegative(),
  after: z.object({ snapshot: snapshotSchema.nullable(), others: z.int().nonnegative() }).nullable().default(null),
  released: z.boolean().default(false),
  child: text.nullable(),
  logs: z.array(text),
  alone: z.boolean().default(false),
  sessions: z.array(text).default([]),
  bound: z
    .array(z.object({ path: text, rule: z.enum(BOUND_RULES) }))
    .nullable()
    .default(null),
}) satisfies z.ZodType<PendingRun>;

/** Why a record that exists cannot be used. */
export interface UnreadableRecord {
  unreadable: string;
}

/**
 * Reads a pending run; null if the file does not exist. An unreadable record is a result, not an error: it must not keep
 * other runs from being recovered.
 */
export async function readPending(path: string): Promise<PendingRun | UnreadableRecord | null> {
  let source: string;
  try {
    source = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    if (isFixable(error)) return { unreadable: `it cannot be read: ${messageOf(error)}` };
    throw error;
  }
  const record = parseJsonObject(source);
  if (record === null) return { unreadable: "it is not valid JSON" };
  const version = record.schema_version;
  if (version !== SCHEMA_VERSION) {
    const shown = typeof version === "number" ? version : "unknown";
    return { unreadable: `its version is ${shown}, and this \`ctx\` reads version ${SCHEMA_VERSION}` };
  }
  const result = schema.safeParse(record);
  return result.success ? result.data : { unreadable: `it is not valid: ${describeIssues(result.error)}` };
}
