import type { PendingRun } from "../../src/runs/pending.ts";

/** A Codex run in a folder, with nothing else known but `more`. */
export function pendingRun(folder: string, more: Partial<PendingRun> = {}): PendingRun {
  return {
    schema_version: 1,
    tool: "codex",
    label: null,
    root: folder,
    cwd: folder,
    env: {},
    settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null, repository: null },
    started_at: "2026-11-22T06:15:00.000Z",
    ended_at: null,
    resume: null,
    session_id: null,
    before: null,
    others: 0,
    after: null,
    released: false,
    child: null,
    logs: [],
    alone: false,
    sessions: [],
    bound: null,
    ...more,
  };
}
