// What changed in a working tree between two snapshots, by whatever process.
import type { CommitTree, Repository } from "./repository.ts";
import type { Snapshot } from "./snapshot.ts";

/** The file at a path before and after: `<mode> <object>`, null for no file. */
export interface Change {
  before: string | null;
  after: string | null;
  /** It changed because HEAD moved: a commit, a checkout, a reset, a rebase. */
  byHistory: boolean;
}

export interface Comparison {
  changes: ReadonlyMap<string, Change>;
  /** Whether both snapshots record the file at the path. */
  knows(path: string): boolean;
  /** The files of the commit the run began at. */
  tree: CommitTree;
  /** The other files that were there when the run began. */
  untracked: readonly string[];
}

/** Null where git no longer has a commit of the snapshots. */
export async function compare(before: Snapshot, after: Snapshot, repository: Repository): Promise<Comparison | null> {
  const tree = await repository.tree(before.head);
  const later = before.head === after.head ? tree : await repository.tree(after.head);
  if (tree === null || later === null) return null;
  const start = new State(before, tree);
  const end = new State(after, later);
  const changes = new Map<string, Change>();
  for (const path of candidates(start, end)) {
    if (!start.knows(path) || !end.knows(path)) continue;
    const change = { before: start.content(path), after: end.content(path) };
    if (change.before === change.after) continue;
    const byHistory = !end.dirty.has(path) && tree.content(path) !== later.content(path);
    changes.set(path, { ...change, byHistory });
  }
  const untracked = before.files.flatMap(([path, content]) => (content === null || tree.has(path) ? [] : path));
  return { changes, tree, untracked, knows: (path) => start.knows(path) && end.knows(path) };
}

class State {
  readonly dirty: ReadonlyMap<string, string | null>;
  readonly tree: CommitTree;
  readonly #unread: ReadonlySet<string>;
  readonly #complete: boolean;

  constructor({ files, unread, omitted }: Snapshot, tree: CommitTree) {
    this.dirty = new Map(files);
    this.tree = tree;
    this.#unread = new Set(unread);
    this.#complete = omitted === 0;
  }

  knows(path: string): boolean {
    return this.dirty.has(path) || (this.#complete && !this.#unread.has(path));
  }

  content(path: string): string | null {
    const dirty = this.dirty.get(path);
    return dirty === undefined ? this.tree.content(path) : dirty;
  }
}

function candidates(start: State, end: State): Set<string> {
  const paths = new Set([...start.dirty.keys(), ...end.dirty.keys()]);
  if (start.tree === end.tree) return paths;
  for (const path of start.tree.under("")) if (start.tree.content(path) !== end.tree.content(path)) paths.add(path);
  for (const path of end.tree.under("")) if (!start.tree.has(path)) paths.add(path);
  return paths;
}
