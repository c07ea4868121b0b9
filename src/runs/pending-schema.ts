// Pending runs as they are read back: a file may be of another version, or damaged by what ended its process.
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { TOOLS } from "../agents/tools.ts";
import { EVALUATOR_NAMES } from "../evaluate/registry.ts";
import { snapshotSchema } from "../evidence/git/snapshot.ts";
import { BOUND_RULES } from "../sessions/locate.ts";
import { hasCode } from "../system/errors.ts";
import { isFixable } from "../system/system-errors.ts";
import type { PendingRun } from "./pending.ts";

const text = z.string().max(4096);

const schema = z.object({
  schema_version: z.literal(1),
  tool: z.enum(TOOLS),
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

/**
 * Reads a pending run; null when the file is gone, `unreadable` when it is none, or not to be read: one of root's must
 * not keep the others from being finished.
 */
export async function readPending(path: string): Promise<PendingRun | "unreadable" | null> {
  let source: string;
  try {
    source = await readFile(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    if (isFixable(error)) return "unreadable";
    throw error;
  }
  try {
    return schema.parse(JSON.parse(source));
  } catch {
    return "unreadable";
  }
}
