// A home folder with the logs of both tools, and repositories beside it.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { prepareBackfill, runBackfill } from "../../../src/catch-up/backfill/backfill.ts";
import { processQueue, type QueueOptions } from "../../../src/catch-up/run-queue.ts";
import { openSync, type SyncOptions } from "../../../src/catch-up/sync/sync.ts";
import { exportLatest } from "../../../src/export/export.ts";
import type { ExportOptions } from "../../../src/export/prepare.ts";
import { run } from "../../../src/system/spawn.ts";
import { RECORDING } from "../backfill/made-session.ts";
import type { MadeLog } from "./made-sessions.ts";

export class SyncHome {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "ctx-sync-")));
  readonly env: Record<string, string>;
  readonly notices: string[] = [];
  now = new Date("2026-12-01T09:00:00.000Z");

  constructor() {
    const { PATH = "" } = process.env;
    const home = join(this.base, "home");
    mkdirSync(home);
    this.env = {
      ...{ PATH, HOME: home, CODEX_HOME: join(home, ".codex"), CLAUDE_CONFIG_DIR: join(home, ".claude") },
      ...{ XDG_STATE_HOME: join(home, "state"), XDG_CONFIG_HOME: join(home, "config") },
      ...{ CTX_TZ: "UTC", TZ: "UTC", CTX_CHANGELOG: "1", GIT_CONFIG_NOSYSTEM: "1" },
    };
  }

  get home(): string {
    return join(this.base, "home");
  }

  remove(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  /** The repository of the recorded Codex session. */
  async repository(name = "shop"): Promise<string> {
    const root = join(this.base, name);
    await run(["git", "clone", "--quiet", join(RECORDING, "repo.bundle"), root]);
    return root;
  }

  /** Writes a log where its tool keeps it. */
  addLog({ tool, name, log }: MadeLog, { compressed = false, archived = false } = {}): string {
    const home = this.env[tool === "codex" ? "CODEX_HOME" : "CLAUDE_CONFIG_DIR"] ?? "";
    const place = archived ? join("archived_sessions", basename(name)) : name;
    const path = join(home, compressed ? `${place}.zst` : place);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, compressed ? zstdCompressSync(log) : log);
    return path;
  }

  async open(more: Partial<SyncOptions> = {}) {
    return await openSync({
      ...{ tools: ["codex", "claude"], since: 0, until: this.now.getTime(), source: null },
      ...{ projectRoot: null, current: null, actor: "ada", evaluator: "builtin", model: null, timeoutMs: null },
      ...{ limit: null, upgrades: true, retriesFailed: false, env: this.env, home: this.home, now: () => this.now },
      onNotice: (notice) => this.notices.push(notice),
      ...more,
    });
  }

  async plan(more: Partial<SyncOptions> = {}) {
    return await (await this.open(more)).prepare();
  }

  async sync(more: Partial<SyncOptions> = {}, work: Partial<QueueOptions> = {}) {
    const prepared = await this.plan(more);
    const result = await processQueue(prepared, { ...this.#work(), exports: false, ...work });
    return { prepared, result };
  }

  async exportLatest(root: string, { tool, id }: MadeLog, more: Partial<ExportOptions> = {}) {
    return await exportLatest({
      ...{ tool, cwd: root, projectRoot: root, start: null, end: null, sessionId: id, output: null },
      ...{ label: null, changelog: true, actor: "ada", evaluator: "builtin", model: null, timeoutMs: null },
      ...{ env: this.env, home: this.home, now: () => this.now },
      onNotice: (notice) => this.notices.push(notice),
      ...more,
    });
  }

  async backfill(root: string) {
    const prepared = await prepareBackfill({
      ...{ root, sessionsDirs: [], actor: "ada", evaluator: "builtin", model: null, timeoutMs: null, limit: null },
      ...{ upgrades: true, retriesFailed: false, env: this.env, home: this.home },
      onNotice: (notice) => this.notices.push(notice),
    });
    return await runBackfill(prepared, this.#work());
  }

  /** Every row of a repository, in file order. */
  rows(root: string, actor = "ada"): Row[] {
    try {
      const text = readFileSync(join(root, ".changelog", actor, "entries.jsonl"), "utf8");
      return text
        .trimEnd()
        .split("\n")
        .map((row) => JSON.parse(row));
    } catch {
      return [];
    }
  }

  #work() {
    return {
      ...{ concurrency: 2, env: this.env, home: this.home, now: () => this.now, isAbandoned: () => false },
      ...{ onBegin: () => {}, onOutcome: () => {}, onNotice: (notice: string) => this.notices.push(notice) },
    };
  }
}

/** The fields of a row that the tests use. */
export interface Row {
  run_id: string;
  session_id: string;
  tool: string;
  start: string;
  end: string;
  label: string;
  session_dir: string | null;
  continuation_of_run_id: string | null;
  transcript: Record<string, string | null>;
  evaluator: { name: string };
  summary: string;
  bullets: string[];
  touched_files: { created: string[]; modified: string[]; deleted: string[] };
  commits: { hash: string }[];
}
