import { basename, join } from "node:path";
import { z } from "zod";
import type { LogParser } from "../../../src/agents/log-parser.ts";
import type { LogReader } from "../../../src/agents/log-reader.ts";
import { ParseStatsCounter } from "../../../src/agents/parse-stats.ts";
import { lastTime } from "../../../src/agents/record-times.ts";
import type { SessionEvent } from "../../../src/events/event.ts";
import { namesIn } from "../../../src/system/directory.ts";
import { parseJsonObject } from "../../../src/system/json.ts";
import { HEAD_BYTES } from "../../../src/system/record-visitor.ts";
import { readFirstRecords, scanRecords } from "../../../src/system/records.ts";

const recordSchema = z.object({
  type: z.enum(["start", "ask", "say", "write"]),
  at: z.string(),
  id: z.string().default(""),
  cwd: z.string().default(""),
  text: z.string().default(""),
  path: z.string().default(""),
});

function parseRecord(bytes: Uint8Array) {
  return recordSchema.safeParse(parseJsonObject(Buffer.from(bytes).toString())).data ?? null;
}

class EchoParser implements LogParser {
  readonly headBytes = HEAD_BYTES;
  readonly #counter = new ParseStatsCounter();

  get stats() {
    return this.#counter.stats;
  }

  wants() {
    this.#counter.countRecord();
    return true;
  }

  record(bytes: Uint8Array, offset: number): SessionEvent[] | null {
    const record = parseRecord(bytes);
    if (record === null) return null;
    if (record.type === "start") return [];
    const { at, text, path } = record;
    const base = { at, offset, turn: null, agent: null };
    if (record.type === "ask") return [{ kind: "prompt", ...base, text, images: [] }];
    if (record.type === "say") return [{ kind: "reply", ...base, text }];
    const change = { type: "add", path, movedTo: null, diff: null } as const;
    return [{ kind: "edit", ...base, id: `edit-${offset}`, cwd: null, outcome: "ok", changes: [change], error: null }];
  }

  damaged(offset: number) {
    this.#counter.countUnparsable(offset);
  }

  finish() {
    return [];
  }

  pointBefore() {
    return null;
  }
}

async function promptsOf(path: string): Promise<string[]> {
  const prompts: string[] = [];
  const record = (bytes: Uint8Array) => {
    const parsed = parseRecord(bytes);
    if (parsed?.type === "ask") prompts.push(parsed.text);
    return parsed !== null;
  };
  await scanRecords(path, {}, { wants: () => true, record });
  return prompts;
}

export const echoReader: LogReader = {
  async listLogs(home) {
    return namesIn(join(home, "logs")).map((name) => join(home, "logs", name));
  },
  sessionIdOfPath: (path) => basename(path, ".jsonl"),
  earliestStart: () => null,
  isResumable: () => true,
  async readHead(path) {
    const [bytes] = await readFirstRecords(path);
    const record = bytes === undefined ? null : parseRecord(bytes);
    if (record?.type !== "start") return null;
    const { id, at, cwd } = record;
    const git = { commit: null, branch: null, repositoryUrl: null };
    return { tool: "echo", sessionId: id, version: "1.0", startedAt: at, cwd, git, forkedFrom: null, parent: null };
  },
  headProblem: async () => null,
  lastTimestamp: (path) => lastTime(path, { isTimed: () => true, timeOf: (bytes) => parseRecord(bytes)?.at ?? null }),
  sidecarFiles: async () => [],
  subagentLogs: async () => [],
  openParser: async () => new EchoParser(),
  parserState: z.object({ tool: z.literal("echo"), at: z.string().nullable() }),
  openPromptParser: () => new EchoParser(),
  mayBePrompt: (head) => head.includes('"ask"'),
  async readPromptCount(path) {
    const prompts = await promptsOf(path);
    return { prompts: prompts.length, first: prompts[0] ?? null };
  },
  readFirstPrompt: async (path) => (await promptsOf(path))[0] ?? null,
  async visitTimestamps(path, _head, from, visitor) {
    const record = (bytes: Uint8Array, offset: number) => {
      const parsed = parseRecord(bytes);
      visitor.visit(parsed?.at ?? null, offset);
      return parsed !== null;
    };
    const { end } = await scanRecords(path, { from }, { wants: () => true, record });
    return { end, foreign: false };
  },
  ownBeginning: async () => 0,
  findActiveSessions: () => () => false,
};
