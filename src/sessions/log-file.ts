// A native log given by its path. Its contents decide which tool wrote it, not its location.
import { readdirSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { AGENTS } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import { ExpectedError, hasCode } from "../system/errors.ts";
import type { LogWithHead } from "./read.ts";

const LOG = /\.jsonl(?:\.zst)?$/;

/** The log at a path, or the only log in a directory. Throws an `ExpectedError` if there is none, or several. */
export async function findLog(path: string): Promise<LogWithHead> {
  if (!(await isDirectory(path))) {
    const head = await detectHead(path);
    if (head !== null) return { tool: head.tool, path, head };
    throw new ExpectedError(`\`${path}\` is not a session log`, { hint: "`ctx find-source` prints the path of one" });
  }
  const logs = await logsIn(path);
  const [log] = logs;
  if (log === undefined) {
    throw new ExpectedError(`no session log in \`${path}\``, {
      hint: "name a log, or a session directory that holds one",
    });
  }
  if (logs.length === 1) return log;
  const names = logs.map((each) => `\n  \`${each.path}\``).join("");
  throw new ExpectedError(`${logs.length} session logs in \`${path}\`:${names}`, { hint: "name one of them" });
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    const stats = await stat(path);
    // Opening a pipe would block, and it cannot be read twice.
    if (stats.isDirectory() || stats.isFile()) return stats.isDirectory();
  } catch (error) {
    if (!hasCode(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP")) throw error;
    throw new ExpectedError(`\`${path}\` ${hasCode(error, "EACCES") ? "cannot be read" : "does not exist"}`);
  }
  throw new ExpectedError(`\`${path}\` is neither a file nor a directory`);
}

/** The logs in a directory, sorted. A compressed log is omitted if its uncompressed form is there too. */
export async function logsIn(directory: string): Promise<LogWithHead[]> {
  const entries = readdirSync(directory, { withFileTypes: true });
  const names = new Set(entries.flatMap((entry) => (entry.isFile() && LOG.test(entry.name) ? [entry.name] : [])));
  const logs: LogWithHead[] = [];
  for (const name of [...names].sort()) {
    const path = join(directory, name);
    const isTwin = name.endsWith(".zst") && names.has(name.slice(0, -".zst".length));
    const head = isTwin ? null : await detectHead(path);
    if (head !== null) logs.push({ tool: head.tool, path, head });
  }
  return logs;
}

/** The head of a log of any tool; null for any other file. */
export async function detectHead(path: string): Promise<SessionHead | null> {
  try {
    for (const agent of AGENTS) {
      const head = await (await agent.loadReader()).readHead(path);
      if (head !== null) return head;
    }
    return null;
  } catch (error) {
    if (!hasCode(error, "EACCES")) throw error;
    throw new ExpectedError(`\`${path}\` cannot be read`, { cause: error });
  }
}
