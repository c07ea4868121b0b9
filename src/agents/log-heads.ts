// The logs a run may have left, known by their heads and tails alone: a folder may hold years of gigabyte logs.

import { ExpectedError, hasCode } from "../system/errors.ts";
import { readFirstRecords } from "../system/records.ts";
import { readHeadOfFile } from "./claude/head.ts";
import { claudeClock } from "./claude/timestamps.ts";
import { readCodexHead } from "./codex/head.ts";
import { codexClock } from "./codex/timestamps.ts";
import { lastTime } from "./range-times.ts";
import type { SessionHead } from "./session-head.ts";
import type { Tool } from "./tools.ts";

/** Files read side by side. */
const PARALLEL = 16;

export interface LogSummary {
  path: string;
  head: SessionHead;
}

/** Reads the heads of logs; files that are no session logs, or vanish meanwhile, are left out. */
export async function readHeads(tool: Tool, paths: readonly string[]): Promise<LogSummary[]> {
  const read = async (path: string) =>
    tool === "claude" ? await readHeadOfFile(path) : readCodexHead(await readFirstRecords(path), path);
  const known = await mapParallel(paths, async (path) => {
    const head = await nullIfUnreadable(() => read(path));
    return head === null ? [] : [{ path, head }];
  });
  return known.flat();
}

/** The time of a log's last record, ISO 8601 UTC; null when no record has one, or the log cannot be read. */
export async function lastTimestamp(tool: Tool, path: string): Promise<string | null> {
  return await nullIfUnreadable(() => lastTime(path, tool === "claude" ? claudeClock : codexClock));
}

/** Maps a list a few at a time, keeping its order. */
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

/** One unreadable file among many is no reason to find nothing. */
export async function nullIfUnreadable<Result>(read: () => Promise<Result | null>): Promise<Result | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ExpectedError || hasCode(error, "ENOENT", "EACCES", "EISDIR")) return null;
    throw error;
  }
}
