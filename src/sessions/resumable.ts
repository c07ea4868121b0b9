// The sessions that a tool can resume, and what the person asked in them.
import { stat } from "node:fs/promises";
import { nullIfUnreadable, readHeads } from "../agents/log-heads.ts";
import type { LogSummary, PromptCount } from "../agents/log-reader.ts";
import { agentOf, readerOf } from "../agents/registry.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { Tool } from "../agents/tool.ts";
import { isCompressed } from "../system/chunks.ts";
import type { Environment } from "../system/paths.ts";
import { lastTimestamp } from "./read.ts";

/** How many bytes of a log are read to find its first prompt. */
const FIRST_PROMPT_BYTES = 128 * 1024;

/** The heads of every session that a tool can resume. Subagents are not sessions of their own. */
export async function readResumable(tool: Tool, env: Environment, home: string): Promise<LogSummary[]> {
  const reader = await readerOf(tool);
  const toolHome = agentOf(tool).homeOf(env, home);
  const paths = (await reader.listLogs(toolHome)).filter((path) => reader.isResumable(path, toolHome));
  return (await readHeads(reader, paths)).filter(({ head }) => head.parent === null);
}

/** When a session was last active; null if its log has no times. */
export async function lastActivity(tool: Tool, path: string): Promise<string | null> {
  // A compressed log cannot be read from its end, but its file has the modification time of the original.
  if (isCompressed(path)) return await nullIfUnreadable(async () => (await stat(path)).mtime.toISOString());
  return await lastTimestamp(tool, path);
}

/** Reads a whole log for its prompts, without copied history; null if it cannot be read. */
export async function readPromptCount(path: string, head: SessionHead): Promise<PromptCount | null> {
  const reader = await readerOf(head.tool);
  return await nullIfUnreadable(() => reader.readPromptCount(path, head));
}

/** The first prompt of a session, if it is near the beginning of its log; null for a fork. */
export async function readFirstPrompt(path: string, head: SessionHead): Promise<string | null> {
  if (head.forkedFrom !== null) return null;
  const reader = await readerOf(head.tool);
  return await nullIfUnreadable(() => reader.readFirstPrompt(path, head, FIRST_PROMPT_BYTES));
}
