// A real repository in a temporary folder, in which commands run and are recorded as events of a log.
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { SessionHead } from "../../src/agents/session-head.ts";
import type { CommandEvent, FileChange, SessionEvent } from "../../src/events/event.ts";
import { EvidenceCollector } from "../../src/evidence/collect.ts";
import type { Evidence, TouchedFiles } from "../../src/evidence/evidence.ts";
import { type Snapshot, takeSnapshot } from "../../src/evidence/git/snapshot.ts";
import { run } from "../../src/system/spawn.ts";
import { commandEvent, editEvent, sessionHead } from "./events.ts";

export class TestRepo {
  readonly events: SessionEvent[] = [];
  readonly home: string;
  /** Top level of the repository. */
  readonly root: string;
  #start: { tree: string; commit: string | null; at: string } | null = null;

  private constructor(home: string, root: string) {
    this.home = home;
    this.root = root;
  }

  /** A repository with these files committed; null for an empty folder. */
  static async create(files: Record<string, string> | null, name = "shop"): Promise<TestRepo> {
    const home = await realpath(await mkdtemp(join(tmpdir(), "evidence-")));
    const repo = new TestRepo(home, join(home, name));
    await mkdir(repo.root, { recursive: true });
    if (files !== null) {
      await repo.shell("git init -q -b main");
      for (const [path, text] of Object.entries(files)) await repo.write(path, text);
      await repo.shell("git add -A && git commit -q --allow-empty -m init", {
        GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
      });
    }
    return repo;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.home, { recursive: true, force: true });
  }

  async write(path: string, text: string): Promise<void> {
    const file = resolve(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** Runs a command that is not part of the run. */
  async shell(command: string, env: Record<string, string> = {}): Promise<string> {
    const result = await this.#bash(command, this.root, env);
    if (result.code !== 0) throw new Error(`${command}: ${result.stdout}${result.stderr}`);
    return result.stdout.trim();
  }

  /** Starts the run: nothing before is part of it. */
  async begin(): Promise<void> {
    this.events.length = 0;
    this.#start = { tree: await this.#snapshot(), commit: await this.#head(), at: new Date().toISOString() };
  }

  /** When the run began. */
  get startedAt(): string {
    return this.#start?.at ?? "";
  }

  /** Runs a command and records its event. */
  async command(command: string, cwd = this.root, part: Partial<CommandEvent> = {}): Promise<CommandEvent> {
    const startedAt = new Date().toISOString();
    const { code, stdout } = await this.#bash(`exec 2>&1; ${command}`, cwd);
    const at = new Date().toISOString();
    const event = commandEvent(command, { cwd, exitCode: code, output: stdout, startedAt, at, ...part });
    this.events.push(event);
    return event;
  }

  /** Makes the changes on disk and records their event. */
  async edit(changes: (Partial<FileChange> & { path: string; text?: string })[], cwd = this.root): Promise<void> {
    for (const { type, path, movedTo, text } of changes) {
      if (type === "delete" || movedTo) await rm(resolve(cwd, path));
      if (type !== "delete") await this.write(resolve(cwd, movedTo ?? path), text ?? `${path}\n`);
    }
    this.events.push(
      editEvent(
        changes.map(({ text: _, ...change }) => change),
        { cwd, at: new Date().toISOString() },
      ),
    );
  }

  /** What git reports for the run: the working tree now against the one at its start, without ignored files. */
  async truth(): Promise<TouchedFiles> {
    const start = this.#start ?? { tree: "" };
    const listed = await this.shell(`git diff-tree -r -M -z --name-status ${start.tree} ${await this.#snapshot()}`);
    const fields = listed.split("\0");
    const touched: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };
    for (let index = 0; index + 1 < fields.length; ) {
      const status = fields[index++] ?? "";
      const path = fields[index++] ?? "";
      if (status.startsWith("R")) touched.moved.push({ from: path, to: fields[index++] ?? "" });
      else if (status === "A") touched.created.push(path);
      else if (status === "D") touched.deleted.push(path);
      else touched.modified.push(path);
    }
    touched.moved.sort((a, b) => (a.from < b.from ? -1 : 1));
    return touched;
  }

  /** The commits since the run began, as git has them. */
  async newCommits(): Promise<{ hash: string; message: string }[]> {
    const since = this.#start?.commit ? `--not ${this.#start.commit}` : "";
    const log = await this.shell(`git log --reverse --topo-order --format=%h%x09%s --branches HEAD ${since}`);
    return log
      .split("\n")
      .filter(Boolean)
      .map((line) => {
        const [hash = "", message = ""] = line.split("\t");
        return { hash, message };
      });
  }

  head(part: Partial<SessionHead> = {}): SessionHead {
    const { commit = null, at = null } = this.#start ?? {};
    return sessionHead({
      cwd: this.root,
      startedAt: at,
      git: { commit, branch: "main", repositoryUrl: null },
      ...part,
    });
  }

  /** The evidence of the run. `asIn` replaces the root in the events, as if they came from another machine. */
  async evidence(
    options: {
      head?: Partial<SessionHead>;
      root?: string;
      asIn?: string;
      end?: string;
      before?: Snapshot | null;
      after?: Snapshot | null;
      others?: number;
    } = {},
  ): Promise<Evidence> {
    const collector = new EvidenceCollector();
    const moved = <T>(value: T): T =>
      options.asIn === undefined ? value : JSON.parse(JSON.stringify(value).replaceAll(this.root, options.asIn));
    for (const event of this.events) collector.push(moved(event));
    return await collector.finish({
      head: moved(this.head(options.head)),
      root: options.root ?? this.root,
      home: this.home,
      window: { start: this.#start?.at ?? null, end: options.end ?? null },
      before: options.before ?? null,
      after: options.after === undefined ? await takeSnapshot(this.root) : options.after,
      others: options.others ?? 0,
    });
  }

  async #head(): Promise<string | null> {
    const { code, stdout } = await this.#bash("git rev-parse --verify -q HEAD", this.root);
    return code === 0 ? stdout.trim() : null;
  }

  async #snapshot(): Promise<string> {
    const { code } = await this.#bash("git rev-parse --git-dir", this.root);
    if (code !== 0) return "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    return await this.shell("git add -A && git write-tree", { GIT_INDEX_FILE: join(this.home, "snapshot-index") });
  }

  async #bash(command: string, cwd: string, more: Record<string, string> = {}) {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: this.home,
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_EDITOR: "true",
      LC_ALL: "C.UTF-8",
      ...more,
    };
    return await run(["bash", "-c", command], { cwd, env });
  }
}
