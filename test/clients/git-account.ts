// What git shows of a run: how the worktree differs before and after it, and the new commits.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, TouchedFiles } from "../../src/evidence/evidence.ts";
import { type CodexSandbox, gitIn } from "./codex-session.ts";

/** Takes snapshots of a worktree, untracked files included, without changing its repository. */
export class WorktreeSnapshots {
  readonly #git: (...args: string[]) => Promise<string>;
  readonly #store: string;

  private constructor(sandbox: CodexSandbox, worktree: string, store: string) {
    this.#store = store;
    this.#git = (...args) => gitIn(sandbox, worktree, `--git-dir=${store}`, `--work-tree=${worktree}`, ...args);
  }

  static async of(sandbox: CodexSandbox, worktree: string): Promise<WorktreeSnapshots> {
    const snapshots = new WorktreeSnapshots(sandbox, worktree, await mkdtemp(join(tmpdir(), "ctx-snapshots-")));
    await snapshots.#git("init", "--quiet");
    return snapshots;
  }

  /** The id of a tree object with all files. */
  async take(): Promise<string> {
    await this.#git("add", "--all");
    return (await this.#git("write-tree")).trim();
  }

  async compare(before: string, after: string): Promise<TouchedFiles> {
    const listing = await this.#git("diff-tree", "-r", "-z", "-M", "--name-status", before, after);
    return touchedFiles(listing.split("\0"));
  }

  async close(): Promise<void> {
    await rm(this.#store, { recursive: true, force: true });
  }
}

/** Reads `--name-status -z`: a status, then one path, or two for a rename. */
function touchedFiles(fields: string[]): TouchedFiles {
  const touched: TouchedFiles = { created: [], modified: [], deleted: [], moved: [] };
  const rest = fields.values();
  for (const status of rest) {
    if (status === "") break;
    const path = rest.next().value ?? "";
    if (status.startsWith("R")) touched.moved.push({ from: path, to: rest.next().value ?? "" });
    else if (status === "A") touched.created.push(path);
    else if (status === "D") touched.deleted.push(path);
    else touched.modified.push(path);
  }
  return touched;
}

/** The full hashes of all commits of HEAD and the branches. */
export async function knownCommits(sandbox: CodexSandbox, repository: string): Promise<Set<string>> {
  return new Set((await commitRows(sandbox, repository)).map((row) => row.full));
}

/** The commits that are not in `before`, oldest first. */
export async function newCommits(sandbox: CodexSandbox, repository: string, before: Set<string>): Promise<Commit[]> {
  const rows = await commitRows(sandbox, repository);
  return rows.filter((row) => !before.has(row.full)).map(({ hash, message }) => ({ hash, message }));
}

async function commitRows(sandbox: CodexSandbox, repository: string) {
  const log = ["log", "--all", "HEAD", "--reverse", "--topo-order", "--format=%H%x00%h%x00%s"];
  const text = await gitIn(sandbox, repository, ...log).catch(() => "");
  return text.split("\n").flatMap((line) => {
    const [full, hash, message] = line.split("\0");
    return full && hash && message !== undefined ? [{ full, hash, message }] : [];
  });
}
