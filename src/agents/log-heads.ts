// Reads only the beginnings of many logs: a folder may contain gigabytes of logs from years.
import { isUnreadable } from "../system/errors.ts";
import type { DamagedLog, LogReader, LogSummary } from "./log-reader.ts";

/** How many files are read in parallel. */
const PARALLEL = 16;

/**
 * Reads the heads of logs. Files that are not session logs, or disappear meanwhile, are omitted; damaged ones are
 * reported.
 */
export async function readHeads(
  { readHead, headProblem }: Pick<LogReader, "readHead"> & Partial<Pick<LogReader, "headProblem">>,
  paths: readonly string[],
  onDamaged?: (log: DamagedLog) => void,
): Promise<LogSummary[]> {
  const logs = await mapParallel(paths, async (path) => {
    const head = await nullIfUnreadable(() => readHead(path));
    if (head !== null) return [{ path, head }];
    const problem = onDamaged && headProblem ? await nullIfUnreadable(() => headProblem(path)) : null;
    if (problem !== null) onDamaged?.({ path, problem });
    return [];
  });
  return logs.flat();
}

/** Maps a list, a few items at a time, and keeps its order. */
export async function mapParallel<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += PARALLEL) {
    results.push(...(await Promise.all(items.slice(at, at + PARALLEL).map(map))));
  }
  return results;
}

/** The result of reading a file; null if the file cannot be read, because one file of many must not fail a search. */
export async function nullIfUnreadable<Result>(read: () => Promise<Result | null>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (isUnreadable(error)) return null;
    throw error;
  }
}
