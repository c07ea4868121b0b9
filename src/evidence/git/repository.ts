// Reads from git what a repository has of a run: its commits, what they changed, and which files existed before.
import { realpath } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ExpectedError, hasCode } from "../../system/errors.ts";
import { git, gitFields, gitText } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import type { CommitChange, StartTree } from "../files/operations.ts";

/** A commit as the repository has it. */
export interface KnownCommit {
  oid: string;
  hash: string;
  subject: string;
  /** Committer date, in seconds. */
  committed: number;
  parents: string[];
}

const HASH = /^[0-9a-f]{7,64}$/;
const FIELDS = ["%H", "%h", "%ct", "%P", "%s"];
const FORMAT = `--format=${FIELDS.join("%x00")}`;
/** Without stashes and notes: these commits are side effects. */
const REFS = ["--branches", "--tags", "--remotes", "HEAD"];

/** Whether a folder is the top level of a git worktree. */
export async function isTopLevel(folder: string): Promise<boolean> {
  const top = await gitText(folder, ["rev-parse", "--show-toplevel"]);
  if (top === null || top === "") return false;
  try {
    return (await realpath(top)) === (await realpath(folder));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return false;
    throw error;
  }
}

/**
 * The top level of the repository that a folder of the project belongs to, if that is not the project's: a submodule, or
 * a clone inside the project. Both folders are relative to the project's root. Null in the project's own repository and
 * in its linked worktrees. `common`: the git common directory of the project; null if it is no repository.
 */
export async function nestedTop(root: string, folder: string, common: string | null): Promise<string | null> {
  if (folder === "") return null;
  const ask = ["rev-parse", "--git-common-dir", "--show-prefix"];
  const [found, prefix = ""] = (await gitText(join(root, folder), ask))?.split("\n") ?? [];
  if (found === undefined || realPath(resolve(root, folder, found)) === common) return null;
  return `${folder}/`.endsWith(`/${prefix}`) ? `${folder}/`.slice(0, -prefix.length - 1) : folder;
}

/** The files of a commit. */
export type CommitTree = StartTree & { submodules: string[] };

export class Repository {
  readonly root: string;
  /** By hash; null for hashes that git does not know. */
  readonly #found = new Map<string, KnownCommit | null>();

  private constructor(root: string) {
    this.root = root;
  }

  /** The repository whose top level is this folder; null if there is none, or if git is missing. */
  static async open(root: string): Promise<Repository | null> {
    try {
      return (await isTopLevel(root)) ? new Repository(root) : null;
    } catch (error) {
      if (error instanceof ExpectedError) return null;
      throw error;
    }
  }

  /** The commits with these hashes, without unknown ones. Each hash is looked up once. */
  async find(hashes: readonly string[]): Promise<Map<string, KnownCommit>> {
    const asked = [...new Set(hashes)].filter((hash) => HASH.test(hash));
    const unasked = asked.filter((hash) => !this.#found.has(hash));
    const answers = await this.#lookUp(unasked);
    for (const hash of unasked) this.#found.set(hash, answers.get(hash) ?? null);
    const found = new Map<string, KnownCommit>();
    for (const hash of asked) {
      const commit = this.#found.get(hash) ?? null;
      if (commit !== null) found.set(hash, commit);
    }
    return found;
  }

  async #lookUp(asked: readonly string[]): Promise<Map<string, KnownCommit>> {
    const found = new Map<string, KnownCommit>();
    if (asked.length === 0) return found;
    const names = asked.map((hash) => `${hash}^{commit}\n`).join("");
    const answer = await gitText(this.root, ["cat-file", "--batch-check=%(objectname)"], names);
    const oids = (answer ?? "").split("\n").map((line) => (/^[0-9a-f]{40,64}$/.test(line) ? line : null));
    const known = oids.filter((oid) => oid !== null);
    if (known.length === 0) return found;
    const commits = await this.#log(["--no-walk=unsorted", "--stdin"], `${known.join("\n")}\n`);
    const byOid = new Map(commits.map((commit) => [commit.oid, commit]));
    for (const [index, hash] of asked.entries()) {
      const commit = byOid.get(oids[index] ?? "");
      if (commit !== undefined) found.set(hash, commit);
    }
    return found;
  }

  /** The commits with a committer date in these seconds, oldest first, without those reachable from `before`. */
  async between(from: number, to: number, before: string | null): Promise<KnownCommit[]> {
    if (!(await this.#hasCommits())) return [];
    const without = before !== null && (await this.find([before])).size > 0 ? [`^${before}`] : [];
    const window = [`--since=@${from}`, `--until=@${to}`];
    return await this.#log(["--topo-order", "--reverse", ...window, ...REFS, ...without]);
  }

  /** The commits reachable from branches and tags but not from these, oldest first; at most the newest thousand. */
  async newSince(tips: readonly string[]): Promise<KnownCommit[]> {
    if (!(await this.#hasCommits())) return [];
    const range = ["--topo-order", "--reverse", "-n", "1000", "--ignore-missing", ...REFS, "--stdin"];
    return await this.#log(range, tips.map((tip) => `^${tip}\n`).join(""));
  }

  /** The given commits that no branch or tag reaches: amended, rebased or discarded ones. */
  async unreachable(oids: readonly string[]): Promise<Set<string>> {
    if (oids.length === 0) return new Set();
    const listed = await gitText(this.root, ["rev-list", "--stdin", "--not", ...REFS], `${oids.join("\n")}\n`);
    const unreachable = new Set((listed ?? "").split("\n"));
    return new Set(oids.filter((oid) => unreachable.has(oid)));
  }

  /**
   * What each commit changed against its first parent, or against the commit it replaced, without commits whose parents
   * a shallow clone lacks.
   */
  async changes(
    commits: readonly { known: KnownCommit; against: string | null }[],
  ): Promise<Map<string, CommitChange[]>> {
    const shallow = commits.some(({ against }) => against === null) && (await this.#isShallow());
    const asked = commits.filter(({ against }) => !shallow || against !== null);
    if (asked.length === 0) return new Map();
    const lines = asked.map(({ known, against }) => `${known.oid}${against === null ? "" : ` ${against}`}\n`).join("");
    const fields = await gitFields(this.root, [...DIFF, "--stdin"], lines);
    if (fields === null) return new Map();
    // Git prints no commit without changes.
    const none = asked.map(({ known }): [string, CommitChange[]] => [known.oid, []]);
    return new Map([...none, ...readChanges(fields)]);
  }

  async #hasCommits(): Promise<boolean> {
    return (await gitText(this.root, ["rev-parse", "--verify", "--quiet", "HEAD"])) !== null;
  }

  async #isShallow(): Promise<boolean> {
    return (await gitText(this.root, ["rev-parse", "--is-shallow-repository"])) === "true";
  }

  /** The commit that this one amends: the one the run began at (`start`), or one in HEAD's reflog with the same parents. */
  async replacedBy({ oid, parents }: KnownCommit, start: string | null): Promise<KnownCommit | null> {
    const twin = (one: KnownCommit | undefined) =>
      one !== undefined && one.oid !== oid && one.parents.join() === parents.join() ? one : null;
    const first = start === null ? null : twin((await this.find([start])).get(start));
    if (first !== null) return first;
    const past = await this.#log(["--walk-reflogs", "-n", "1000", "HEAD"]);
    return past.map(twin).findLast((one) => one !== null) ?? null;
  }

  /** The files of a commit, an empty tree for null; null where git does not know the commit. */
  async tree(commit: string | null): Promise<CommitTree | null> {
    if (commit === null) return treeOf([]);
    const fields = await gitFields(this.root, ["ls-tree", "-r", "-z", "--full-tree", "--end-of-options", commit]);
    return fields === null ? null : treeOf(fields);
  }

  /** The last commit of the current branch before a time. */
  async lastBefore(start: string): Promise<string | null> {
    if (Number.isNaN(Date.parse(start))) return null;
    const seconds = Math.floor(Date.parse(start) / 1000);
    const found = await gitText(this.root, ["rev-list", "-1", `--before=@${seconds}`, "HEAD"]);
    return found === "" ? null : found;
  }

  async isAncestor(older: string, newer: string): Promise<boolean> {
    return (await git(this.root, ["merge-base", "--is-ancestor", older, newer])).code === 0;
  }

  /** Those of the given paths that differ from HEAD, or that git does not track. */
  async changedFiles(paths: readonly string[]): Promise<Set<string>> {
    if (paths.length === 0) return new Set();
    const status = ["--literal-pathspecs", "status", "--porcelain", "-z", "--no-renames", "-uall", "--", ...paths];
    const fields = (await gitFields(this.root, status)) ?? [];
    return new Set(fields.map((field) => field.slice(3)));
  }

  /** The given paths that git ignores; a tracked path is never ignored. */
  async ignored(paths: readonly string[]): Promise<Set<string>> {
    if (paths.length === 0) return new Set();
    const found = await this.#checkIgnore(paths);
    if (found !== null) return new Set(found);
    // One path inside a submodule or behind a symbolic link makes the whole call fail: check each on its own.
    const ignored = new Set<string>();
    for (const path of paths.slice(0, MAX_SINGLE_CHECKS)) {
      for (const one of (await this.#checkIgnore([path])) ?? []) ignored.add(one);
    }
    return ignored;
  }

  async #checkIgnore(paths: readonly string[]): Promise<string[] | null> {
    const result = await git(this.root, ["check-ignore", "-z", "--stdin"], paths.map((path) => `${path}\0`).join(""));
    // Status 1 means none is ignored.
    return result.code === 0 || result.code === 1 ? result.stdout.split("\0").filter((path) => path !== "") : null;
  }

  async #log(args: readonly string[], stdin?: string): Promise<KnownCommit[]> {
    const fields = (await gitFields(this.root, ["log", "-z", FORMAT, ...args], stdin)) ?? [];
    const commits: KnownCommit[] = [];
    for (let index = 0; index + FIELDS.length <= fields.length; index += FIELDS.length) {
      const [oid = "", hash = "", committed = "", parents = "", subject = ""] = fields.slice(index);
      commits.push({ oid, hash, subject, committed: Number(committed), parents: parents.split(" ").filter(Boolean) });
    }
    return commits;
  }
}

const DIFF = ["diff-tree", "-r", "-M", "-z", "--root", "--raw", "--no-ext-diff"];
const MAX_SINGLE_CHECKS = 200;

/** Reads `diff-tree --stdin --raw -z`: a commit, then for each file its modes and status, then one path or two. */
function readChanges(fields: readonly string[]): Map<string, CommitChange[]> {
  const changes = new Map<string, CommitChange[]>();
  let current: CommitChange[] = [];
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? "";
    if (!field.startsWith(":")) {
      current = [];
      changes.set(field, current);
      continue;
    }
    // `:<mode> <mode> <object> <object> <status>`
    const [, mode, , object, letter = "M"] = field.split(" ");
    const content = `${mode} ${object}`;
    const path = fields[++index] ?? "";
    if (letter.startsWith("R")) {
      current.push({ status: "R", from: path, path: fields[++index] ?? "", changed: letter !== "R100", content });
    } else if (letter === "D") current.push({ status: "D", path, from: null, changed: true, content: null });
    else current.push({ status: letter === "A" ? "A" : "M", path, from: null, changed: true, content });
  }
  return changes;
}

function treeOf(entries: readonly string[]): CommitTree {
  const contents = new Map<string, string>();
  const submodules: string[] = [];
  for (const entry of entries) {
    // `<mode> <type> <object>\t<path>`
    const tab = entry.indexOf("\t");
    const path = entry.slice(tab + 1);
    const [mode, , object] = entry.slice(0, tab).split(" ");
    contents.set(path, `${mode} ${object}`);
    if (entry.startsWith("160000 ")) submodules.push(path);
  }
  // Sorted once: a repository may hold a hundred thousand files.
  const paths = [...contents.keys()].sort();
  return {
    submodules,
    has: (path) => contents.has(path),
    content: (path) => contents.get(path) ?? null,
    under: (folder) => {
      const prefix = folder === "" || folder === "." ? "" : folder.replace(/\/?$/, "/");
      const files: string[] = [];
      for (let index = firstFrom(paths, prefix); index < paths.length; index++) {
        const path = paths[index] ?? "";
        if (!path.startsWith(prefix)) break;
        files.push(path);
      }
      return files;
    },
  };
}

/** The index of the first entry of a sorted list that is not less than the value. */
function firstFrom(sorted: readonly string[], value: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
