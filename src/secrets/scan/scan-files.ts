// Secrets in files and in all files below folders, as a stream: neither a large file nor a large folder is held.
import { existsSync, lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isCompressed, readLines } from "../../system/chunks.ts";
import { readableNames } from "../../system/directory.ts";
import { ExpectedError } from "../../system/errors.ts";
import { readStart } from "../../system/regular-file.ts";
import { type Finding, findInLine, isBinary } from "./findings.ts";

/** Enough to see that a file is no text. */
const START = 8_000;
/** What git keeps for itself is no text of the project. */
const PASSED_OVER = new Set([".git", "node_modules"]);
const DEEPEST = 64;

export interface ScanCount {
  /** Files that were read. */
  files: number;
  /** Files that are no text, and what is not to be read. */
  skipped: number;
}

/** Looks through what is named, hands each finding over, and says how much it read. A link is only followed where it was named. */
export async function scanPaths(
  paths: readonly string[],
  report: (finding: Finding) => Promise<void>,
): Promise<ScanCount> {
  const count: ScanCount = { files: 0, skipped: 0 };
  for (const path of paths) {
    if (!existsSync(path)) {
      throw new ExpectedError(`there is no \`${path}\``, { hint: "name a file or a folder that is there" });
    }
    for (const file of filesBelow(realpathSync(path), count)) await scanFile(file, count, report);
  }
  return count;
}

async function scanFile(path: string, count: ScanCount, report: (finding: Finding) => Promise<void>): Promise<void> {
  const start = readStart(path, START);
  if (start === null || (isBinary(start) && !isCompressed(path))) {
    count.skipped++;
    return;
  }
  count.files++;
  let last = "";
  for await (const { line, text } of readLines(path)) {
    for (const finding of findInLine(path, line, text)) {
      // Pieces of a long line overlap.
      const same = `${line} ${finding.kind} ${finding.masked}`;
      if (same !== last) await report(finding);
      last = same;
    }
  }
}

/** The files below a folder in the order of their names, or the file itself. */
function* filesBelow(path: string, count: ScanCount, depth = 0): Generator<string, void, void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory()) {
    yield path;
    return;
  }
  const names = depth > DEEPEST ? null : readableNames(path);
  if (names === null) count.skipped++;
  for (const name of names ?? []) {
    if (!PASSED_OVER.has(name)) yield* filesBelow(join(path, name), count, depth + 1);
  }
}
