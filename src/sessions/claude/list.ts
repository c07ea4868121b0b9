// The session files of every project, and the edges of one.
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { hasCode } from "../../system/errors.ts";
import { scanLastRecords } from "../../system/record-edges.ts";
import { scanRecords } from "../../system/records.ts";
import type { SessionHead } from "../events.ts";
import { readClaudeHead } from "./head.ts";
import { mayBeConversation } from "./kinds.ts";
import { parseClaudeLine } from "./schema.ts";

/** Files of subagents lie a folder deeper, and are not called by an id alone. */
const SESSION_FILE = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}\.jsonl$/i;
/** How much is read until a line tells the folder: a first prompt may have a whole file pasted into it. */
const HEAD_SIZES = [64 * 1024, 1024 * 1024, 16 * 1024 * 1024];

/** Every session file, whatever its project, sorted. */
export async function listClaudeLogs(env: Record<string, string | undefined>, home: string): Promise<string[]> {
  const projects = join(env.CLAUDE_CONFIG_DIR || join(home, ".claude"), "projects");
  const folders = (await namesIn(projects)).map((name) => join(projects, name));
  const files = folders.map(async (folder) => {
    const names = await namesIn(folder);
    return names.filter((name) => SESSION_FILE.test(name)).map((name) => join(folder, name));
  });
  return (await Promise.all(files)).flat().sort();
}

/** The head of a session file; null when it tells of no folder: nothing was said in it yet. */
export async function readHeadOfFile(path: string): Promise<SessionHead | null> {
  for (const size of HEAD_SIZES) {
    const records: Buffer[] = [];
    const { end, torn } = await scanRecords(
      path,
      { to: size },
      {
        wants: (bytes) => mayBeConversation(decode(bytes)),
        record: (bytes) => records.push(Buffer.from(bytes)),
      },
    );
    const head = readClaudeHead(basename(path, ".jsonl").toLowerCase(), records);
    if (head !== null || end + torn < size) return head;
  }
  return null;
}

/** The time of a session file's last line that has one. */
export async function lastTimeOfFile(path: string): Promise<string | null> {
  let last: string | null = null;
  const attempt = () => ({
    record(bytes: Uint8Array) {
      last = parseClaudeLine(bytes)?.at ?? last;
    },
  });
  await scanLastRecords(path, {}, attempt, () => last !== null);
  return last;
}

const decoder = new TextDecoder();

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}
