// `failures.jsonl`: failed evaluations, which explain why an entry is only `builtin`.
import { z } from "zod";
import { toolSchema } from "../agents/tool-schema.ts";
import { FAILURE_CLASSES, type FailureClass } from "../evaluate/failure.ts";
import { appendLine, jsonLine } from "../system/append.ts";
import { describeIssues } from "./entry.ts";
import { parseLine, scanLines } from "./rows.ts";
import type { Changelog } from "./store.ts";

/** Failures caused by the run, not by the account or the machine: another attempt would most likely fail too. */
const RUN_FAILURES: readonly FailureClass[] = ["context_overflow", "timeout", "bad_output", "other"];

const failureSchema = z.strictObject({
  run_id: z.string().regex(/^[0-9a-f]{16}$/, "expected 16 hex digits"),
  created_at: z.iso.datetime({ precision: 3 }),
  session_id: z.string().min(1).max(200),
  tool: toolSchema,
  class: z.enum(FAILURE_CLASSES),
  message: z.string().transform(head(2000)),
  /** Redacted by the caller. */
  stderr_tail: z.string().transform(tail(4000)),
  evaluator: z.string().max(100),
  /** The native log, relative or with `~/`. */
  source: z.string().max(4096).nullable(),
  /** When a usage limit ends, if the evaluator says. */
  retry_at: z.iso.datetime().nullable(),
});

export type FailureRow = z.output<typeof failureSchema>;

export function appendFailure(log: Changelog, failure: FailureRow): void {
  const result = failureSchema.safeParse(failure);
  if (!result.success) throw new Error(`invalid failure record: ${describeIssues(result.error)}`);
  appendLine(log.failures, jsonLine(result.data));
}

/** The runs that an evaluator failed to evaluate because of the run itself. Rows of an unknown form are ignored. */
export function failedRuns(path: string, evaluator: string): Set<string> {
  const failed = new Set<string>();
  scanLines(path, (bytes) => {
    for (const row of parseLine(bytes).rows) {
      const isOfTheRun = RUN_FAILURES.some((name) => name === row.class);
      if (isOfTheRun && row.evaluator === evaluator && typeof row.run_id === "string") failed.add(row.run_id);
    }
  });
  return failed;
}

function head(max: number): (text: string) => string {
  return (text) => text.slice(0, max);
}

function tail(max: number): (text: string) => string {
  return (text) => text.slice(-max);
}
