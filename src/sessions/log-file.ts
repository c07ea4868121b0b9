// A native log that is named by its path: which tool wrote it is told by what it holds, not by where it lies.
import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readHeadOfFile } from "../agents/claude/head.ts";
import { readCodexHead } from "../agents/codex/head.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tools.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import { readFirstRecords } from "../system/records.ts";
import type { LogRef } from "./read.ts";

const LOG = /\.jsonl(?:\.zst)?$/;

/** The log at a path, or the only one in a directory. Throws an `ExpectedError` where there is none, or several. */
export async function findLog(path: string): Promise<LogRef> {
  if (!(await isDirectory(path))) {
    const tool = await toolOf(path);
    if (tool !== null) return { tool, path };
    throw new ExpectedError(`\`${path}\` is no session log`, { hint: "`ctx find-source` prints the path of one" });
  }
  const logs = await logsIn(path);
  const [log] = logs;
  if (log === undefined) {
    throw new ExpectedError(`there is no session log in \`${path}\``, {
      hint: "name a log, or a session directory that holds one",
    });
  }
  if (logs.length === 1) return log;
  const names = logs.map((each) => `\n  \`${each.path}\``).join("");
  throw new ExpectedError(`${logs.length} session logs are in \`${path}\`${names}`, { hint: "name one of them" });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    // A pipe would be waited for, and cannot be read twice.
    if (stats.isDirectory() || stats.isFile()) return stats.isDirectory();
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) throw error;
    throw new ExpectedError(`\`${path}\` ${hasCode(error, "EACCES") ? "cannot be read" : "does not exist"}`);
  }
  throw new ExpectedError(`\`${path}\` is neither a file nor a directory`);
}

/** The logs in a directory, sorted; of a log and its packed form the plain one. */
export async function logsIn(directory: string): Promise<LogRef[]> {
  const entries = readdirSync(directory, { withFileTypes: true });
  const names = new Set(entries.flatMap((entry) => (entry.isFile() && LOG.test(entry.name) ? [entry.name] : [])));
  const logs: LogRef[] = [];
  for (const name of [...names].sort()) {
    const path = join(directory, name);
    const isTwin = name.endsWith(".zst") && names.has(name.slice(0, -".zst".length));
    const tool = isTwin ? null : await toolOf(path);
    if (tool !== null) logs.push({ tool, path });
  }
  return logs;
}

async function toolOf(path: string): Promise<Tool | null> {
  return (await detectHead(path))?.tool ?? null;
}

/** What a log of any tool says of itself; null for any other file. */
export async function detectHead(path: string): Promise<SessionHead | null> {
  try {
    return readCodexHead(await readFirstRecords(path), path) ?? (await readHeadOfFile(path));
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    throw new ExpectedError(`\`${path}\` cannot be read`, { cause: error });
  }
}
