// A project with session directories of `ctx` and of version 1, made from a recorded session.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type BackfillOptions, prepareBackfill, runBackfill } from "../../../src/catch-up/backfill/backfill.ts";
import type { RunOutcome } from "../../../src/catch-up/record-planned.ts";
import type { QueueOptions } from "../../../src/catch-up/run-queue.ts";
import { runId } from "../../../src/changelog/entry.ts";
import { appendExportRecord, type ExportRecord } from "../../../src/runs/export-records.ts";
import { hashPrefix } from "../../../src/system/chunks.ts";
import { run } from "../../../src/system/spawn.ts";
import { sampleRecord } from "../../runs/sample-record.ts";
import { type MadeSession, RECORDING } from "./made-session.ts";

/** The path of the project on the machine that ran version 1. */
const ELSEWHERE = "/Users/grace/work/shop";

export class BackfillProject {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-backfill-")));
  readonly root = join(this.base, "shop");
  readonly env: Record<string, string>;
  readonly notices: string[] = [];

  private constructor() {
    const { PATH = "" } = process.env;
    this.env = { PATH, HOME: this.base, CODEX_HOME: join(this.base, "codex"), CTX_TZ: "UTC" };
  }

  static async create(): Promise<BackfillProject> {
    const project = new BackfillProject();
    await run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), project.root]);
    return project;
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  makeDirectory(name: string): string {
    const path = join(this.root, ".codex/sessions", name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** A session directory of an export that recorded no entry. */
  async addSessionDirectory(name: string, session: MadeSession, change: Partial<ExportRecord> = {}): Promise<string> {
    const directory = this.makeDirectory(name);
    const log = join(directory, session.logName);
    writeFileSync(log, session.log);
    let before: string | null = null;
    for (const { from, to, start, end } of session.runs) {
      const run_id = runId("codex", session.id, from);
      appendExportRecord(
        directory,
        sampleRecord({
          ...{ run_id, session_id: session.id, start, end, from, to, first_at: start, last_at: end },
          prefix_hash: await hashPrefix(log, from),
          end_hash: await hashPrefix(log, to),
          changelog: { status: "off", evaluator: null },
          continuation_of_run_id: before,
          ...change,
        }),
      );
      before = run_id;
    }
    return directory;
  }

  /**
   * A session directory of version 1: its export records have no positions, and its paths are those of another machine.
   */
  addVersion1Directory(
    name: string,
    session: MadeSession,
    { records = true, copies = true, page = "index.html" } = {},
  ): string {
    const directory = this.makeDirectory(name);
    const there = `${ELSEWHERE}/.codex/sessions/${name}`;
    const source_path = `/Users/grace/.codex/sessions/2026/11/22/${session.logName}`;
    if (copies) writeFileSync(join(directory, session.logName), session.log);
    writeFileSync(join(directory, page), "<!doctype html>\n");
    const best = {
      path: source_path,
      session_id: session.id,
      start: session.runs[0]?.start,
      end: session.runs.at(-1)?.end,
    };
    writeFileSync(join(directory, "source_match.json"), JSON.stringify({ best, candidates: [best] }, null, 2));
    for (const { start, end } of records ? session.runs : []) {
      const row = {
        ...{ schema_version: 1, created_at: end, tool: "codex", label: null, start, end, cwd: ELSEWHERE },
        ...{ project_root: ELSEWHERE, output_dir: there, source_path, copied_jsonl: `${there}/${session.logName}` },
        ...{ changelog_enabled: false, changelog_run_id: null, changelog_appended: null, changelog_evaluator: null },
      };
      appendFileSync(join(directory, "export_runs.jsonl"), `${pythonJson(row)}\n`);
    }
    return directory;
  }

  /** Writes a log where Codex keeps its logs. */
  addNativeLog({ logName, log }: MadeSession): void {
    const folder = join(this.base, "codex/sessions/2026/11/22");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, logName), log);
  }

  /** Appends the row of version 1 for a run. */
  addVersion1Entry(directory: string, session: MadeSession, index = 0): string {
    const name = basename(directory);
    const there = `${ELSEWHERE}/.codex/sessions/${name}`;
    const { start, end } = session.runs[index] ?? { start: "", end: "" };
    const run_id = runId("version 1", session.id, index);
    const row = {
      ...{ schema_version: 1, run_id, created_at: end, tool: "codex", actor: "Ada", project: "shop" },
      ...{ project_root: ELSEWHERE, label: "Old", start, end, session_dir: there, continuation_of_run_id: null },
      transcript: {
        ...{ output_dir: there, index_html: `${there}/index.html`, source_jsonl: `${there}/${session.logName}` },
        source_match_json: `${there}/source_match.json`,
      },
      ...{ summary: "Fixed the cart", bullets: ["Fixed"], tags: [], tests: [], commits: [], notes: null },
      touched_files: { created: [], modified: [`${ELSEWHERE}/src/cart.js`], deleted: [], moved: [] },
    };
    this.addRow("ada", pythonJson(row));
    return run_id;
  }

  addRow(actor: string, row: string): void {
    const folder = join(this.root, ".changelog", actor);
    mkdirSync(folder, { recursive: true });
    appendFileSync(join(folder, "entries.jsonl"), `${row}\n`);
  }

  /** Every row of an actor. */
  rows(actor = "ada", file = "entries.jsonl"): Record<string, unknown>[] {
    try {
      const text = readFileSync(join(this.root, ".changelog", actor, file), "utf8");
      return text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  options(more: Partial<BackfillOptions> = {}): BackfillOptions {
    return {
      root: this.root,
      sessionsDirs: [],
      actor: "ada",
      evaluator: "builtin",
      model: null,
      timeoutMs: null,
      limit: null,
      upgrades: true,
      retriesFailed: false,
      env: this.env,
      home: this.base,
      onNotice: (notice) => this.notices.push(notice),
      ...more,
    };
  }

  async prepare(more: Partial<BackfillOptions> = {}) {
    return await prepareBackfill(this.options(more));
  }

  async backfill(more: Partial<BackfillOptions> = {}, context: Partial<QueueOptions> = {}) {
    const prepared = await this.prepare(more);
    const outcomes: RunOutcome["status"][] = [];
    const result = await runBackfill(prepared, {
      concurrency: 2,
      env: this.env,
      home: this.base,
      now: () => new Date("2026-12-01T09:00:00.000Z"),
      isAbandoned: () => false,
      onBegin: () => {},
      onOutcome: (_, outcome) => outcomes.push(outcome.status),
      onNotice: (notice) => this.notices.push(notice),
      ...context,
    });
    return { prepared, result, outcomes };
  }

  /**
   * Replaces Codex by a shell script, in which `$ANSWER` is the file for the last message and `$PLACE` a folder for
   * notes.
   */
  async useCodex(lines: string): Promise<void> {
    this.env.CTX_CODEX_CMD = fakeCodex(this.base, lines);
  }

  copyOf(directory: string, name: string): string {
    const copy = this.makeDirectory(name);
    cpSync(directory, copy, { recursive: true });
    return copy;
  }
}

/** Writes a shell script that answers instead of Codex; returns its path. */
export function fakeCodex(folder: string, lines: string): string {
  const path = join(folder, "fake-codex");
  const script = `#!/bin/sh
PLACE='${folder}'
case "$*" in
  --version) echo "codex-cli 9.9.9"; exit;;
  "exec --help") printf '      --json\\n      --output-schema <FILE>\\n'; exit;;
esac
while [ $# -gt 0 ]; do [ "$1" = --output-last-message ] && ANSWER=$2; shift; done
${lines}
`;
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}

const ANSWER = JSON.stringify({ summary: "Done.", bullets: ["It is done."], tags: [], notes: null });

/** A script with a valid answer. */
export const answers = `printf '%s' '${ANSWER}' > "$ANSWER"`;

/** A script that fails with a message in the format of Codex. */
export function failsWith(message: string): string {
  const event = JSON.stringify({ type: "turn.failed", error: { message } });
  return `cat <<'END'\n${event}\nEND\nexit 1`;
}

/** JSON with spaces after `:` and `,`, as Python writes it. */
function pythonJson(value: object): string {
  return JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, " ")
    .replace(/([{[]) /g, "$1")
    .replace(/ ([}\]])/g, "$1");
}
