import type { ExportRecord } from "../../src/runs/export-records.ts";

/** A valid export record. */
export function sampleRecord(change: Partial<ExportRecord> = {}): ExportRecord {
  return {
    schema_version: 2,
    run_id: "8a3d1e1b0507d234",
    created_at: "2026-11-22T06:20:00.000Z",
    tool: "codex",
    session_id: "01a201e4-cb84-7a11-a7c6-963cd916f631",
    label: "Fix cart",
    start: null,
    end: null,
    from: 0,
    to: 100,
    prefix_hash: null,
    end_hash: "0".repeat(64),
    first_at: "2026-11-22T06:13:00.000Z",
    last_at: "2026-11-22T06:19:00.000Z",
    records: 12,
    unparsable: 0,
    unknown: {},
    changelog: { status: "recorded", evaluator: "codex" },
    continuation_of_run_id: null,
    ...change,
  };
}

/** An export record of version 1. */
export const VERSION_1_RECORD =
  '{"schema_version": 1, "created_at": "2026-01-04T10:17:01.096900+00:00", "tool": "codex", "label": "Review", "start": "2026-01-04T10:07:18+00:00", "end": "2026-01-04T10:16:00+00:00", "cwd": "/home/dev/shop", "project_root": "/home/dev/shop", "output_dir": "/home/dev/shop/.codex/sessions/2026-01-04-0207_Review", "source_path": "/home/dev/.codex/sessions/2026/01/04/rollout-2026-01-04T02-07-18-01a201e4-cb84-7a11-a7c6-963cd916f631.jsonl", "copied_jsonl": null, "changelog_enabled": true, "changelog_run_id": "c2157e415f33ca4a", "changelog_appended": true, "changelog_evaluator": "codex"}';
