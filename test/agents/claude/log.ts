// Builds session files of Claude Code with the records that identify a session.
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { at, type Fields, T0 } from "../codex/rollout.ts";

/** The record that the terminal UI writes before the conversation begins. */
export const mode = (sessionId: string): Fields => ({ type: "mode", mode: "normal", sessionId });

export function prompt(sessionId: string, cwd: string, second: number, text = "go"): Fields {
  const message = { role: "user", content: text };
  return { type: "user", promptSource: "typed", message, sessionId, cwd, timestamp: at(second) };
}

export function reply(sessionId: string, cwd: string, second: number, text = "done"): Fields {
  const message = { role: "assistant", content: [{ type: "text", text }] };
  return { type: "assistant", message, sessionId, cwd, timestamp: at(second) };
}

/** A built-in slash command, which is not a prompt. */
export function screenCommand(sessionId: string, cwd: string, second: number): Fields {
  const message = { role: "user", content: "<command-name>/clear</command-name>" };
  return { type: "user", message, sessionId, cwd, timestamp: at(second) };
}

/** Writes a log and sets its modification time to a second of the session. */
export async function writeLog(path: string, records: (Fields | string)[], second = 0): Promise<string> {
  const lines = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  await utimes(path, T0 / 1000 + second, T0 / 1000 + second);
  return path;
}

/** The path of a session's log. */
export function logPath(claudeHome: string, id: string, folder = "-home-dev-shop"): string {
  return join(claudeHome, "projects", folder, `${id}.jsonl`);
}
