// Scans files and folders for secrets, line by line, so that large files need little memory.
import { existsSync, lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isCompressed, readLines } from "../../system/chunks.ts";
import { readableNames } from "../../system/directory.ts";
import { ExpectedError } from "../../system/errors.ts";
import { readStart } from "../../system/regular-file.ts";
import { type Finding, findInLine, isBinary } from "./findings.ts";

/** Enough to detect a binary file. */
const START_BYTES = 8_000;
const IGNORED = new Set([".git", "node_modules"]);
const MAX_DEPTH = 64;

export interface ScanCount {
  files: number;
  /** Binary and unreadable files, and unreadable folders. */
  skipped: number;
}

/** Scans the given files and folders and reports each finding. Follows symbolic links only if they are given. */
export async function scanPaths(
  paths: readonly string[],
  report: (finding: Finding) => Promise<void>,
): Promise<ScanCount> {
  const count: ScanCount = { files: 0, skipped: 0 };
  for (const path of paths) {
    if (!existsSync(path)) {
      throw new ExpectedError(`\`${path}\` does not exist`, { hint: "name an existing file or folder" });
    }
    for (const file of filesBelow(realpathSync(path), count)) await scanFile(file, count, report);
  }
  return count;
}

async function scanFile(path: string, count: ScanCount, report: (finding: Finding) => Promise<void>): Promise<void> {
  const start = readStart(path, START_BYTES);
  if (start === null || (isBinary(start) && !isCompressed(path))) {
    count.skipped++;
    return;
  }
  count.files++;
  let last = "";
  for await (const { line, text } of readLines(path)) {
    for (const finding of findInLine(path, line, text)) {
      // The pieces of a long line overlap.
      const same = `${line} ${finding.kind} ${finding.masked}`;
      if (same !== last) await report(finding);
      last = same;
    }
  }
}

/** The files below a folder, sorted by name; or the file itself. */
function* filesBelow(path: string, count: ScanCount, depth = 0): Generator<string, void, void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) {
    yield path;
    return;
  }
  const names = depth > MAX_DEPTH ? null : readableNames(path);
  if (names === null) count.skipped++;
  for (const name of names ?? []) {
    if (!IGNORED.has(name)) yield* filesBelow(join(path, name), count, depth + 1);
  }
}
