// The inputs that are mutated: recorded logs and evaluator outputs, and a valid file of every other kind that is read.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { sampleEntry } from "../changelog/sample-entry.ts";
import { sampleFailure } from "../changelog/sample-failure.ts";
import { sampleRecord, VERSION_1_RECORD } from "../runs/sample-record.ts";

export const KINDS = [
  "codex-log",
  "claude-log",
  "packed-log",
  "claude-agent",
  "codex-agent",
  "entries",
  "export-runs",
  "source-match",
  "config",
  "pending",
  "checkpoint",
  "codex-output",
  "claude-output",
  "answer",
] as const;
export type Kind = (typeof KINDS)[number];

const FIXTURES = resolve(import.meta.dir, "../fixtures");
/** Longer logs take more time and cover little more. */
const LONGEST_LOG = 48 * 1024;

const MATCH = {
  tool: "codex",
  path: "/home/dev/.codex/sessions/rollout.jsonl",
  cwd: "/home/dev/shop",
  score: 0,
  sessionId: "01a201e4-cb84-7a11-a7c6-963cd916f631",
  first: null,
  last: null,
  rule: "session-id",
  runnersUp: [],
  considered: 1,
  query: { cwd: "/home/dev/shop", projectRoot: "/home/dev/shop", start: null },
};
const LEGACY_MATCH = {
  best: { path: "/home/dev/.codex/sessions/rollout-a.jsonl", session_id: MATCH.sessionId, score: 1.5 },
  candidates: [{ path: "/home/dev/.codex/sessions/rollout-b.jsonl", session_id: null }],
};
const CONFIG = `actor = "ada"

[changelog]
enabled = true
evaluator = "builtin"
model = "gpt-5.5"

[ctx]
tz = "Europe/Berlin"
codex_cmd = "codex"

[secrets]
allow = ["hunter2hunter2"]

[[secrets.rules]]
name = "shop token"
pattern = "shop_[a-z0-9]{20,40}"
`;
const DESCRIPTION = {
  summary: "Fixed the total of an empty cart.",
  bullets: ["The total of an empty cart is 0."],
  tags: ["fix", "test"],
  notes: null,
};
const PENDING = {
  schema_version: 1,
  tool: "codex",
  label: "Fix cart",
  root: "/shop",
  cwd: "/shop",
  env: {},
  resume: null,
  settings: { changelog: null, actor: null, evaluator: null, model: null, timeoutMs: null, repository: null },
  started_at: "2026-11-22T06:00:00.000Z",
  ended_at: null,
  session_id: null,
  before: null,
  others: 0,
  after: null,
  released: false,
  child: null,
  logs: ["/home/dev/.codex/sessions/a.jsonl"],
  sessions: [],
};

function filesBelow(folder: string, end: string): string[] {
  const names = readdirSync(join(FIXTURES, folder), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(FIXTURES, folder, name));
}

/** The file name of a log: Claude Code names logs after their sessions, and files with other names are not logs. */
export function claudeLogName(log: Uint8Array): string {
  const id = /"sessionId":"([0-9a-f-]{36})"/.exec(Buffer.from(log).toString("latin1"))?.[1];
  return `${id ?? "01a201e4-cb84-7a11-a7c6-963cd916f631"}.jsonl`;
}

const read = (paths: readonly string[]) => paths.map((path) => readFileSync(path));
const json = (...values: unknown[]) => values.map((value) => Buffer.from(JSON.stringify(value)));
const rows = (...values: unknown[]) => Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(""));

/** Valid inputs by kind. */
export function loadCorpus(): Record<Kind, Uint8Array[]> {
  const isAgent = (path: string) => basename(path).startsWith("agent-");
  const ofClaude = filesBelow("claude", ".jsonl");
  const short = (paths: readonly string[]) => read(paths).filter(({ length }) => length <= LONGEST_LOG);
  const codex = short(filesBelow("codex", ".jsonl"));
  return {
    "codex-log": codex,
    "claude-log": short(ofClaude.filter((path) => !isAgent(path))),
    "packed-log": codex.slice(0, 8).map((log) => Bun.zstdCompressSync(log)),
    "claude-agent": short(ofClaude.filter(isAgent)),
    "codex-agent": codex.filter((log) => log.subarray(0, 2_000).includes('"thread_spawn"')),
    entries: [
      rows(sampleEntry(), sampleEntry({ run_id: "0".repeat(16), label: "Other" }), sampleFailure()),
      ...read(filesBelow("changelog", ".jsonl")),
    ],
    "export-runs": [rows(sampleRecord(), sampleRecord({ from: 100, to: 200 })), Buffer.from(`${VERSION_1_RECORD}\n`)],
    "source-match": json(MATCH, LEGACY_MATCH),
    config: [Buffer.from(CONFIG)],
    "codex-output": read(filesBelow("codex-evaluator", "stdout.jsonl")),
    "claude-output": read(filesBelow("claude-evaluator", "stdout")),
    answer: json(DESCRIPTION).concat(read(filesBelow("codex-evaluator", "last_message"))),
    pending: json(PENDING),
    // A checkpoint is written by rendering a log: the target does that first.
    checkpoint: codex.slice(0, 4),
  };
}
