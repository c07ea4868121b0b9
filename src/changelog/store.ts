// The changelog of one actor. Rows are only appended; checking whether a run is new and appending it is one step under
// a lock.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { appendLine, jsonLine } from "../system/append.ts";
import { createHash } from "../system/crypto.ts";
import { debug } from "../system/debug.ts";
import { makeDirectory } from "../system/directory.ts";
import { withLock } from "../system/lock.ts";
import { refuseOutside } from "../system/paths.ts";
import { type LinkedWorktree, linkedWorktree } from "../system/worktrees.ts";
import { createIfMissing } from "../system/write-atomic.ts";
import { actorSlug } from "./actor.ts";
import { describeIssues, type Entry, entrySchema, fitEntry, LIMITS } from "./entry.ts";
import { MAX_ROW_BYTES, parseLine, type RowProblem, scanLines } from "./rows.ts";
import { foldEntries, isEvaluated, RunFold, readEntry, type StoredEntry } from "./stored-entry.ts";
import { keepRow, restoreRows } from "./worktree-rows.ts";

const ATTRIBUTES = `# Rows are only appended: a merge keeps those of both sides, in any order.
*/entries.jsonl merge=union
*/failures.jsonl merge=union
`;

/** The files of an actor. */
export interface Changelog {
  directory: string;
  entries: string;
  failures: string;
  /** The linked worktree that has this changelog, if any. */
  worktree: LinkedWorktree | null;
}

export interface ReadEntries {
  entries: StoredEntry[];
  problems: RowProblem[];
}

/** Opens the changelog of an actor, creating its folder. Throws if the folder is a link out of the project. */
export function openChangelog(root: string, actor: string): Changelog {
  if (actor !== actorSlug(actor))
    throw new Error(
      `not an actor (lowercase letters, digits, dots, hyphens and underscores): ${JSON.stringify(actor)}`,
    );
  const folder = join(root, ".changelog");
  refuseOutside(root, folder, "`.changelog`");
  makeDirectory(folder);
  const directory = join(folder, existingName(folder, actor));
  refuseOutside(root, directory, "the actor's folder");
  makeDirectory(directory);
  // An existing file, even an empty one, is the user's.
  createIfMissing(join(folder, ".gitattributes"), ATTRIBUTES);
  return changelogIn(directory, root);
}

/** The changelog in an actor's folder. */
export function changelogIn(directory: string, root: string | null = null): Changelog {
  const worktree = root === null ? null : linkedWorktree(root);
  return {
    directory,
    entries: join(directory, "entries.jsonl"),
    failures: join(directory, "failures.jsonl"),
    worktree,
  };
}

/**
 * Appends an entry unless its run has one. An evaluated entry is also appended after a `builtin` one, and replaces it
 * for every reader.
 */
export async function appendEntry(log: Changelog, entry: Entry): Promise<"appended" | "exists"> {
  return await appendRow(log, serialize(entry), entry);
}

type RowId = Pick<StoredEntry, "run_id" | "evaluator">;

async function appendRow(log: Changelog, row: string, entry: RowId): Promise<"appended" | "exists"> {
  const { worktree = null, directory } = log;
  const outcome = await withLock(log.entries, () => {
    const recorded = recordedRows(log.entries, entry.run_id);
    if (isEvaluated(entry) ? recorded.some(isEvaluated) : recorded.length > 0) return "exists";
    appendLine(log.entries, row, { exclusive: true });
    if (worktree !== null) keepRow(worktree, directory, row);
    return "appended";
  });
  debug("entry", () => `run ${entry.run_id} by ${entry.evaluator?.name} in ${log.entries}: ${outcome}`);
  return outcome;
}

/** Appends the rows of removed worktrees in the main checkout of the repository. */
export async function restoreWorktreeRows(root: string): Promise<void> {
  await restoreRows(root, async (main, actor, row, entry) => await appendRow(openChangelog(main, actor), row, entry));
}

/** Whether a run has any row, or an evaluated one. A quick check without the lock that `appendEntry` takes. */
export function isRecorded(log: Changelog, runId: string, as: "any" | "evaluated"): boolean {
  const rows = recordedRows(log.entries, runId);
  return as === "evaluated" ? rows.some(isEvaluated) : rows.length > 0;
}

/** The last recorded run of a session that started before a time; null if there is none or the time is unknown. */
export function previousRun(log: Changelog, sessionId: string, start: string | null): string | null {
  if (start === null) return null;
  const startsEarlier = (entry: StoredEntry) => entry.start !== null && Date.parse(entry.start) < Date.parse(start);
  const rows = rowsHolding(log.entries, sessionId, (entry) => entry.session_id === sessionId && startsEarlier(entry));
  return foldEntries(rows).at(-1)?.run_id ?? null;
}

export interface EntryVisitor {
  entry?(entry: StoredEntry, line: number): void;
  problem?(problem: RowProblem): void;
}

/** Visits the rows of a changelog in constant memory, without repeated rows. A missing file has none. */
export function scanEntries(path: string, visitor: EntryVisitor): void {
  const seen = new Map<string, number>();
  const report = (line: number, problem: string) => visitor.problem?.({ line, problem });
  const visit = (bytes: Buffer, line: number) => {
    const digest = createHash("sha1").update(bytes).digest("latin1");
    const first = seen.get(digest);
    if (first !== undefined) return report(line, `repeats line ${first}`);
    seen.set(digest, line);
    const { rows, problems } = parseLine(bytes);
    for (const problem of problems) report(line, problem);
    for (const row of rows) {
      const { entry, problem } = readEntry(row);
      if (problem !== null) report(line, problem);
      if (entry !== null) visitor.entry?.(entry, line);
    }
  };
  scanLines(path, visit, (line) => report(line, "too long for a row"));
}

/** Every row, in file order. */
export function readEntries(path: string): ReadEntries {
  const read: ReadEntries = { entries: [], problems: [] };
  scanEntries(path, {
    entry: (entry) => read.entries.push(entry),
    problem: (problem) => read.problems.push(problem),
  });
  return read;
}

/** The best row of each run, oldest run first. Other rows are not kept in memory. */
export function readRuns(path: string): ReadEntries {
  const fold = new RunFold();
  const problems: RowProblem[] = [];
  scanEntries(path, { entry: (entry) => fold.add(entry), problem: (problem) => problems.push(problem) });
  return { entries: fold.entries(), problems };
}

/** The row of an entry, with shorter lists if it would be too long for a row. */
function serialize(entry: Entry): string {
  for (let items: number = LIMITS.items; ; items = Math.floor(items / 4)) {
    const result = entrySchema.safeParse(fitEntry(entry, items));
    if (!result.success) throw new Error(`invalid entry: ${describeIssues(result.error)}`);
    const row = jsonLine(result.data);
    if (Buffer.byteLength(row) <= MAX_ROW_BYTES) return row;
    if (items === 0) throw new Error("the entry is too long");
  }
}

function recordedRows(path: string, runId: string): StoredEntry[] {
  return rowsHolding(path, runId, (entry) => entry.run_id === runId);
}

/** The rows that match. Lines that do not contain the text are not parsed. */
function rowsHolding(path: string, text: string, matches: (entry: StoredEntry) => boolean): StoredEntry[] {
  const rows: StoredEntry[] = [];
  const needle = JSON.stringify(text).slice(1, -1);
  scanLines(path, (bytes) => {
    if (!bytes.includes(needle)) return;
    for (const row of parseLine(bytes).rows) {
      const { entry } = readEntry(row);
      if (entry !== null && matches(entry)) rows.push(entry);
    }
  });
  return rows;
}

/**
 * The name of the actor's folder. Version 1 may have created it with capital letters; some file systems treat both
 * names as the same folder.
 */
function existingName(folder: string, actor: string): string {
  const names = readdirSync(folder);
  return names.includes(actor) ? actor : (names.find((name) => name.toLowerCase() === actor) ?? actor);
}
