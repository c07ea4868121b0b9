import type { FailureRow } from "../../src/changelog/failures.ts";

/** A valid row of `failures.jsonl`. */
export function sampleFailure(change: Partial<FailureRow> = {}): FailureRow {
  return {
    run_id: "8a3d1e1b0507d234",
    created_at: "2026-11-22T06:20:00.000Z",
    session_id: "01a201e4-cb84-7a11-a7c6-963cd916f631",
    tool: "codex",
    class: "usage_limit",
    message: "You’ve hit your usage limit.",
    stderr_tail: "",
    evaluator: "codex",
    source: "~/.codex/sessions/x.jsonl",
    retry_at: "2026-11-23T02:13:00Z",
    ...change,
  };
}
