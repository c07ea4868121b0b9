// Git's own account of a run: what the work tree was before, what it is after, and which commits are new.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Commit, TouchedFiles } from "../../src/evidence/evidence.ts";
import { type CodexSandbox, gitIn } from "./codex-session.ts";

/** Photographs a work tree, untracked files included, without leaving a trace in its own repository. */
export class WorktreeCamera {
  readonly #git: (...args: string[]) => Promise<string>;
  readonly #store: string;

  private constructor(sandbox: CodexSandbox, worktree: string, store: string) {
    this.#store = store;
    this.#git = (...args) => gitIn(sandbox, worktree, `--git-dir=${store}`, `--work-tree=${worktree}`, ...args);
  }

  static async on(sandbox: CodexSandbox, worktree: string): Promise<WorktreeCamera> {
    const camera = new WorktreeCamera(sandbox, worktree, await mkdtemp(join(tmpdir(), "camera-")));
    await camera.#git("init", "--quiet");
    return camera;
  }

  /** The id of a tree object: what git would commit now. */
  async shoot(): Promise<string> {
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

/** Every commit that HEAD or a branch leads to, by full hash. */
export async function knownCommits(sandbox: CodexSandbox, repository: string): Promise<Set<string>> {
  return new Set((await commitRows(sandbox, repository)).map((row) => row.full));
}

/** The commits that were not there before, oldest first. */
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
