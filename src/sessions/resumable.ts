// The sessions a tool can go on with, known by the edges of their logs; and what only a whole log tells of one.
import { stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { copiedFrom } from "../agents/claude/copied-history.ts";
import { claudeHome, listClaudeLogs } from "../agents/claude/paths.ts";
import { readPrompt } from "../agents/claude/prompts.ts";
import { parseRecord } from "../agents/claude/record.ts";
import { mayBePrompt as mayBeClaudePrompt, mayBeReply } from "../agents/claude/record-kinds.ts";
import { isForeignMeta, ownBeginning } from "../agents/codex/copied-history.ts";
import { CodexParser } from "../agents/codex/parser.ts";
import { codexHome, listRollouts } from "../agents/codex/paths.ts";
import { type Kind, kindOfHead, mayBePrompt } from "../agents/codex/record-kinds.ts";
import { type LogSummary, lastTimestamp, nullIfUnreadable, readHeads } from "../agents/log-heads.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tools.ts";
import { type ByteRange, isCompressed } from "../system/chunks.ts";
import { scanRecords } from "../system/records.ts";

/** How far a log is read for its first prompt alone. */
const OPENING_BYTES = 128 * 1024;

/** What the person asked in a session. */
export interface PromptSummary {
  prompts: number;
  first: string | null;
}

/** The heads of every session a tool can go on with. A subagent's is none; an archived one Codex refuses. */
export async function readResumable(
  tool: Tool,
  env: Record<string, string | undefined>,
  home: string,
): Promise<LogSummary[]> {
  if (tool === "claude") return await readHeads(tool, listClaudeLogs(claudeHome(env, home)));
  const codex = codexHome(env, home);
  const archive = join(codex, "archived_sessions", sep);
  const paths = (await listRollouts(codex)).filter((path) => !path.startsWith(archive));
  return (await readHeads(tool, paths)).filter(({ head }) => head.parent === null);
}

/** When a session was worked on last; null where its log does not tell. */
export async function lastActivity(tool: Tool, path: string): Promise<string | null> {
  // A packed log has no end to read; Codex packs idle ones, and lets them keep their time.
  if (isCompressed(path)) return await nullIfUnreadable(async () => (await stat(path)).mtime.toISOString());
  return await lastTimestamp(tool, path);
}

/** Reads a whole log for what was asked in it, copied history left out; null when it cannot be read. */
export async function readPromptSummary(path: string, head: SessionHead): Promise<PromptSummary | null> {
  return await nullIfUnreadable(() =>
    head.tool === "claude" ? askedOfClaude(path, head, {}) : askedOfCodex(path, head),
  );
}

/** The first prompt of a session, if its log begins with it; of a fork it is not known where that is. */
export async function readFirstPrompt(path: string, head: SessionHead): Promise<string | null> {
  if (head.forkedFrom !== null) return null;
  const range = { to: OPENING_BYTES };
  return await nullIfUnreadable(async () => {
    if (head.tool === "claude") return (await askedOfClaude(path, head, range)).first;
    const { asked, isFork } = await scanCodex(path, head, range);
    return isFork ? null : asked.first;
  });
}

async function askedOfCodex(path: string, head: SessionHead): Promise<PromptSummary> {
  const whole = head.forkedFrom === null ? await scanCodex(path, head, {}) : null;
  if (whole !== null && !whole.isFork) return whole.asked;
  return (await scanCodex(path, head, { from: await ownBeginning(path, head) })).asked;
}

async function scanCodex(
  path: string,
  head: SessionHead,
  range: ByteRange,
): Promise<{ asked: PromptSummary; isFork: boolean }> {
  const from = range.from ?? 0;
  const parser = new CodexParser(head.cwd);
  const asked: PromptSummary = { prompts: 0, first: null };
  let isFork = false;
  const take = (events: ReturnType<CodexParser["finish"]>) => {
    for (const event of events) if (event.kind === "prompt") count(asked, event.text);
  };
  await scanRecords(path, range, {
    wants(text, offset) {
      const kind = kindOfHead(text);
      return mayBePrompt(text) || beginsTurn(kind) || (offset > from && kind?.type === "session_meta");
    },
    record(bytes, offset) {
      // The oldest forks do not say that they are ones.
      isFork ||= offset > from && isForeignMeta(bytes, head);
      take(parser.record(bytes, offset));
    },
  });
  take(parser.finish());
  return { asked, isFork };
}

/** One prompt is told by several kinds of record; that ends with its turn. */
function beginsTurn(kind: Kind | null): boolean {
  return kind?.type === "turn_context" || kind?.payload === "task_started" || kind?.payload === "turn_started";
}

async function askedOfClaude(path: string, head: SessionHead, range: ByteRange): Promise<PromptSummary> {
  let asked: PromptSummary = { prompts: 0, first: null };
  await scanRecords(path, range, {
    wants: (head) => mayBeClaudePrompt(head) || mayBeReply(head),
    record(bytes) {
      const line = parseRecord(bytes);
      if (line === null) return;
      // What stands before a copied answer was copied with it.
      if (copiedFrom(line, head.sessionId) !== null) asked = { prompts: 0, first: null };
      const prompt = readPrompt(line);
      if (prompt !== null) count(asked, prompt.text);
    },
  });
  return asked;
}

function count(asked: PromptSummary, prompt: string): void {
  asked.prompts += 1;
  asked.first ??= prompt;
}
