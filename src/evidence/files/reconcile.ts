// The files a run touched by its log, held against what the repository was before and after it. What did not change is
// dropped. What changed without the log naming it is the run's only where nothing else can have changed it.
import { join } from "node:path";
import type { TouchedFiles } from "../evidence.ts";
import type { Change, Comparison } from "../git/comparison.ts";
import { changedAt, FolderTimes } from "./moments.ts";
import type { Grade } from "./operations.ts";
import { isCovered, type Span } from "./spans.ts";

export interface Observation {
  comparison: Comparison;
  root: string;
  /** When the first snapshot was taken, in milliseconds. */
  since: number;
  /** When commands of the run could have changed files that no one names; none where other runs were at work too. */
  spans: readonly Span[];
}

export interface LogFiles {
  touched: TouchedFiles;
  /** Everything the log claims to have been changed at some time, and how sure it is. */
  grades: ReadonlyMap<string, Grade>;
  /** These, and what commands name that were stopped: of them the repository alone tells. */
  named: ReadonlyMap<string, Grade>;
  /** Whether git looks at the path at all: not outside the repository, not in a submodule, not ignored. */
  isSeen(path: string): boolean;
}

type Kind = "created" | "modified" | "deleted";

/** More unnamed paths than this are no one's work on files: a build, an unpacked archive. */
const MAX_UNNAMED = 2_000;
/** What `ctx` itself writes. */
const OWN = /^\.changelog\//;

export async function reconcile(log: LogFiles, observation: Observation): Promise<TouchedFiles> {
  const { comparison } = observation;
  const kinds = new Map<string, Kind>();
  const pairs: TouchedFiles["moved"] = [];
  const moved: TouchedFiles["moved"] = [];
  const take = (path: string, kind: Kind) => {
    const change = comparison.changes.get(path);
    if (!log.isSeen(path) || !comparison.knows(path)) kinds.set(path, kind);
    else if (change !== undefined) kinds.set(path, kindOf(change));
    // A commit tells what it changed, even where the working tree had it before, or has it no longer.
    else if (log.grades.get(path) === "git") kinds.set(path, kind);
  };
  for (const kind of ["created", "modified", "deleted"] as const) {
    for (const path of log.touched[kind]) take(path, kind);
  }
  for (const pair of log.touched.moved) {
    take(pair.from, "deleted");
    take(pair.to, "created");
    pairs.push(pair);
  }
  for (const [path, change] of comparison.changes) {
    if (log.named.has(path) && log.isSeen(path) && !change.byHistory) kinds.set(path, kindOf(change));
  }
  for (const [path, change] of await unnamed(log, observation, kinds)) kinds.set(path, kindOf(change));
  for (const pair of [...pairs, ...sameContent(kinds, comparison)]) {
    if (kinds.get(pair.from) !== "deleted" || kinds.get(pair.to) !== "created") continue;
    kinds.delete(pair.from);
    kinds.delete(pair.to);
    moved.push(pair);
  }
  const all = (wanted: Kind) => [...kinds].flatMap(([path, kind]) => (kind === wanted ? path : [])).sort();
  moved.sort((a, b) => (a.from < b.from ? -1 : 1));
  return { created: all("created"), modified: all("modified"), deleted: all("deleted"), moved };
}

/** The changes the log does not name that only this run can have made. */
async function unnamed(
  { isSeen }: LogFiles,
  { comparison, root, since, spans }: Observation,
  named: ReadonlyMap<string, Kind>,
): Promise<[string, Change][]> {
  if (spans.length === 0) return [];
  const asked = [...comparison.changes].filter(
    ([path, { byHistory }]) => !byHistory && !named.has(path) && isSeen(path) && !OWN.test(path),
  );
  if (asked.length > MAX_UNNAMED) return [];
  const own: [string, Change][] = [];
  const folders = new FolderTimes(root);
  for (const [path, change] of asked) {
    const file = join(root, path);
    const at = change.after === null ? await folders.deletedAt(file) : await changedAt(file, since);
    if (at !== null && isCovered(spans, at)) own.push([path, change]);
  }
  return own;
}

function kindOf({ before, after }: Change): Kind {
  return before === null ? "created" : after === null ? "deleted" : "modified";
}

/** Deleted here, created there, the same content: a move, as git has it. */
function sameContent(kinds: ReadonlyMap<string, Kind>, { changes }: Comparison): TouchedFiles["moved"] {
  const created = new Map<string, string[]>();
  for (const [path, kind] of kinds) {
    const object = objectOf(changes.get(path)?.after);
    if (kind === "created" && object !== null) created.set(object, [...(created.get(object) ?? []), path]);
  }
  return [...kinds].flatMap(([from, kind]) => {
    const object = kind === "deleted" ? objectOf(changes.get(from)?.before) : null;
    const to = object === null ? undefined : created.get(object)?.shift();
    return to === undefined ? [] : [{ from, to }];
  });
}

/** The empty file is like every other empty file. */
function objectOf(content: string | null | undefined): string | null {
  const object = content?.split(" ")[1];
  return object === undefined || /^(e69de29bb2d1|473a0f4c3be8)/.test(object) ? null : object;
}
