// Claude Code's logs, made by hand: the records that matter to whose log it is.
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { at, type Fields, T0 } from "../codex/rollout.ts";

/** What the screen writes before anything is said. */
export const mode = (sessionId: string): Fields => ({ type: "mode", mode: "normal", sessionId });

/** A prompt of a person. */
export function prompt(sessionId: string, cwd: string, second: number, text = "go"): Fields {
  const message = { role: "user", content: text };
  return { type: "user", promptSource: "typed", message, sessionId, cwd, timestamp: at(second) };
}

export function reply(sessionId: string, cwd: string, second: number, text = "done"): Fields {
  const message = { role: "assistant", content: [{ type: "text", text }] };
  return { type: "assistant", message, sessionId, cwd, timestamp: at(second) };
}

/** A command of the screen's own, such as `/clear`: no prompt. */
export function screenCommand(sessionId: string, cwd: string, second: number): Fields {
  const message = { role: "user", content: "<command-name>/clear</command-name>" };
  return { type: "user", message, sessionId, cwd, timestamp: at(second) };
}

/** Writes a log, last changed at a second. */
export async function writeLog(path: string, records: (Fields | string)[], second = 0): Promise<string> {
  const lines = records.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, lines.map((line) => `${line}\n`).join(""));
  await utimes(path, T0 / 1000 + second, T0 / 1000 + second);
  return path;
}

/** Where a session's log is. */
export function logPath(claudeHome: string, id: string, folder = "-home-dev-shop"): string {
  return join(claudeHome, "projects", folder, `${id}.jsonl`);
}
