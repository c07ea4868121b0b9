// What became of the files, in words.
import type { TouchedFiles } from "../../evidence/evidence.ts";
import { code, count, list } from "./english.ts";

/** More files than this are counted by folder instead of named. */
const NAMED = 5;
const FOLDERS = 4;

/** One clause for each kind of change: `modified …`, `created …`. */
export function fileClauses({ created, modified, deleted, moved }: TouchedFiles): string[] {
  return [
    ...clause("modified", modified),
    ...clause("created", created),
    ...clause("deleted", deleted),
    ...(moved.length === 0 ? [] : [movedClause(moved)]),
  ];
}

/** The same in a few words, for a summary. */
export function fileSummary(files: TouchedFiles): string {
  const { created, modified, deleted, moved } = files;
  const total = created.length + modified.length + deleted.length + moved.length;
  if (total <= 3) return list(fileClauses(files));
  const kinds = [
    ["modified", modified.length],
    ["created", created.length],
    ["deleted", deleted.length],
    ["moved", moved.length],
  ] as const;
  const counted = kinds.filter(([, amount]) => amount > 0);
  return list(counted.map(([verb, amount], at) => `${verb} ${at === 0 ? count(amount, "file") : amount}`));
}

export function allPaths({ created, modified, deleted, moved }: TouchedFiles): string[] {
  return [...created, ...modified, ...deleted, ...moved.flatMap(({ from, to }) => [from, to])];
}

function clause(verb: string, paths: readonly string[]): string[] {
  if (paths.length === 0) return [];
  return [`${verb} ${paths.length <= NAMED ? list(paths.map(code)) : byFolder(paths)}`];
}

function movedClause(moved: TouchedFiles["moved"]): string {
  const pairs = moved.slice(0, NAMED).map(({ from, to }) => `${code(from)} to ${code(to)}`);
  if (moved.length <= NAMED) return `moved ${list(pairs)}`;
  return `moved ${count(moved.length, "file")}, among them ${list(pairs.slice(0, 2))}`;
}

/** `34 files: 20 in src/, 10 in test/ and 4 elsewhere`. */
function byFolder(paths: readonly string[]): string {
  const folders = new Map<string, number>();
  for (const path of paths) folders.set(folderOf(path), (folders.get(folderOf(path)) ?? 0) + 1);
  const ranked = [...folders].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = count(paths.length, "file");
  const [only] = ranked;
  if (only !== undefined && ranked.length === 1) return `${total} ${where(only[0])}`;
  const shown = ranked.slice(0, FOLDERS).map(([folder, amount]) => `${amount} ${where(folder)}`);
  const rest = ranked.slice(FOLDERS).reduce((sum, [, amount]) => sum + amount, 0);
  return `${total}: ${list(rest === 0 ? shown : [...shown, `${rest} elsewhere`])}`;
}

/** Two levels tell the parts of a project from each other; one is often just `src`. */
function folderOf(path: string): string {
  return path.split("/").slice(0, -1).slice(0, 2).join("/");
}

function where(folder: string): string {
  return folder === "" ? "at the top level" : `in ${code(`${folder}/`)}`;
}
