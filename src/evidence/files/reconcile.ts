// Checks the files that a run touched according to its log against the snapshots before and after it. Unchanged files
// are removed. A change that the log does not name is attributed to the run only if nothing else can have made it.
import { join } from "node:path";
import type { TouchedFiles } from "../evidence.ts";
import type { Change, Comparison } from "../git/compare-snapshots.ts";
import { isCovered, type Span } from "./command-spans.ts";
import { contentTime, DeletionTimes } from "./file-times.ts";
import type { Grade } from "./operations.ts";

export interface Observation {
  comparison: Comparison;
  root: string;
  /** When the first snapshot was taken, in milliseconds. */
  since: number;
  /** When commands of the run could have changed files that the log does not name; none where other runs worked too. */
  spans: readonly Span[];
}

export interface LogFiles {
  touched: TouchedFiles;
  /** All paths that the log shows as changed at any time. */
  grades: ReadonlyMap<string, Grade>;
  /** The paths in `grades`, and those that unfinished commands name: only the repository shows whether these changed. */
  named: ReadonlyMap<string, Grade>;
  /** Whether a snapshot can have the path: it is in the repository, in no submodule, and not ignored. */
  isVisible(path: string): boolean;
}

type Kind = "created" | "modified" | "deleted";

/** If there are more changes that the log does not name, they come from a build or an archive and are not reported. */
const MAX_UNNAMED = 2_000;

export async function reconcile(log: LogFiles, observation: Observation): Promise<TouchedFiles> {
  const { comparison } = observation;
  const kinds = new Map<string, Kind>();
  const take = (path: string, kind: Kind) => {
    const change = comparison.changes.get(path);
    if (!log.isVisible(path) || !comparison.knows(path)) kinds.set(path, kind);
    else if (change !== undefined) kinds.set(path, kindOf(change));
    // A committed file counts even if the working tree had the change before the run, or no longer has it.
    else if (log.grades.get(path) === "git") kinds.set(path, kind);
  };
  for (const kind of ["created", "modified", "deleted"] as const) {
    for (const path of log.touched[kind]) take(path, kind);
  }
  for (const { from, to } of log.touched.moved) {
    take(from, "deleted");
    take(to, "created");
  }
  for (const [path, change] of comparison.changes) {
    if (log.named.has(path) && log.isVisible(path) && !change.byHistory) kinds.set(path, kindOf(change));
  }
  for (const [path, change] of await unnamed(log, observation, kinds)) kinds.set(path, kindOf(change));
  const pairs = [...log.touched.moved, ...sameContent(kinds, comparison)];
  const moved = pairs.filter(({ from, to }) => {
    if (kinds.get(from) !== "deleted" || kinds.get(to) !== "created") return false;
    return kinds.delete(from) && kinds.delete(to);
  });
  moved.sort((a, b) => (a.from < b.from ? -1 : 1));
  const all = (wanted: Kind) => [...kinds].flatMap(([path, kind]) => (kind === wanted ? path : [])).sort();
  return { created: all("created"), modified: all("modified"), deleted: all("deleted"), moved };
}

/** The changes that the log does not name and only this run can have made. */
async function unnamed(
  { isVisible }: LogFiles,
  { comparison, root, since, spans }: Observation,
  named: ReadonlyMap<string, Kind>,
): Promise<[string, Change][]> {
  if (spans.length === 0) return [];
  const asked = [...comparison.changes].filter(
    ([path, { byHistory }]) => !byHistory && !named.has(path) && isVisible(path),
  );
  if (asked.length > MAX_UNNAMED) return [];
  const own: [string, Change][] = [];
  const deletions = new DeletionTimes(root);
  const mayDelete = spans.some(({ commits }) => commits);
  for (const [path, change] of asked) {
    const file = join(root, path);
    const at = change.after === null ? await deletions.timeOf(file) : await contentTime(file, since);
    // A later entry in its folder hides when a file was deleted: a program of unknown effect may have done it.
    const isOwn = at === null ? change.after === null && mayDelete : isCovered(spans, at);
    if (isOwn) own.push([path, change]);
  }
  return own;
}

function kindOf({ before, after }: Change): Kind {
  return before === null ? "created" : after === null ? "deleted" : "modified";
}

/** A deleted and a created file with the same content: a move, as git reports it. */
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

/** The object of a file; null for an empty one, which equals every other empty file. */
function objectOf(content: string | null | undefined): string | null {
  const object = content?.split(" ")[1];
  return object === undefined || /^(e69de29bb2d1|473a0f4c3be8)/.test(object) ? null : object;
}
