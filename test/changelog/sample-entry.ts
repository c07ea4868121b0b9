import { type Entry, runId } from "../../src/changelog/entry.ts";

const SESSION = "01a201e4-cb84-7a11-a7c6-963cd916f631";

/** A valid entry, evaluated by `codex`. */
export function sampleEntry(change: Partial<Entry> = {}): Entry {
  return {
    schema_version: 2,
    run_id: runId("codex", SESSION, 0),
    created_at: "2026-11-22T06:20:00.000Z",
    tool: "codex",
    actor: "ada",
    project: "shop",
    label: "Fix cart",
    session_id: SESSION,
    start: "2026-11-22T06:13:00.000Z",
    end: "2026-11-22T06:19:00.123456Z",
    session_dir: ".codex/sessions/2026-11-22-0613_Fix_cart",
    continuation_of_run_id: null,
    transcript: {
      output_dir: ".codex/sessions/2026-11-22-0613_Fix_cart",
      index_html: ".codex/sessions/2026-11-22-0613_Fix_cart/index.html",
      source_jsonl: null,
      source_match_json: null,
    },
    evaluator: {
      name: "codex",
      model: null,
      version: "0.169.0",
      digest: "full",
      input_tokens: 1050,
      output_tokens: 50,
      duration_ms: 340,
    },
    summary: "Fixed the cart's total",
    bullets: ["Rounded once, at the end"],
    tags: ["fix"],
    notes: null,
    touched_files: { created: [], modified: ["src/cart.js"], deleted: [], moved: [{ from: "a.js", to: "~/b.js" }] },
    tests: [{ cmd: "npm test", result: "pass" }],
    commits: [{ hash: "b56f337", message: "fix(cart): round once" }],
    redactions: 0,
    ...change,
  };
}

/** The entry of the same run without a model. */
export function builtinEntry(change: Partial<Entry> = {}): Entry {
  const evaluator: Entry["evaluator"] = {
    name: "builtin",
    model: null,
    version: null,
    digest: null,
    input_tokens: null,
    output_tokens: null,
    duration_ms: 0,
  };
  return sampleEntry({ evaluator, ...change });
}

/** A row of version 1: absolute paths, `+00:00` for `Z`, no evaluator. */
export const VERSION_1_ROW =
  '{"schema_version": 1, "run_id": "c2157e415f33ca4a", "created_at": "2026-01-04T10:17:01.096900+00:00", "tool": "codex", "actor": "ada", "project": "shop", "project_root": "/home/dev/shop", "label": null, "start": "2026-01-04T10:07:18.024479+00:00", "end": "2026-01-04T10:16:00+00:00", "session_dir": "/home/dev/shop/.codex/sessions/2026-01-04-0207_Review", "continuation_of_run_id": null, "transcript": {"output_dir": "/home/dev/shop/.codex/sessions/2026-01-04-0207_Review", "index_html": null, "source_jsonl": "/home/dev/.codex/sessions/x.jsonl", "source_match_json": null}, "source": {"kind": "native_session", "identity": {}}, "summary": "Reviewed the cart", "bullets": ["Read it"], "tags": [], "touched_files": {"created": [], "modified": ["/home/dev/shop/a.js"], "deleted": [], "moved": []}, "tests": [], "commits": [], "notes": null}';
