// A session with any number of runs, made from a recorded one, and the positions of its runs in the log.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { uuid } from "../../sessions/logs.ts";

/** The recording that all sessions are made from, with its repository. */
export const RECORDING = resolve(import.meta.dir, "../../fixtures/codex/0.169.0");
const TRUTH = JSON.parse(readFileSync(join(RECORDING, "truth.json"), "utf8"));
const [FIRST] = TRUTH.windows as [{ start: string; end: string }];
const RECORDED = readFileSync(join(RECORDING, TRUTH.files[0]), "utf8").trimEnd().split("\n");
const ONE_RUN = RECORDED.slice(
  0,
  RECORDED.findIndex((line) => timeOf(line) > FIRST.end),
);
const HOUR_MS = 3_600_000;

/** A session: its log, and the positions and times of its runs. */
export interface MadeSession {
  id: string;
  logName: string;
  log: string;
  /** The time of its last record. */
  lastAt: string;
  runs: { from: number; to: number; start: string; end: string }[];
}

/** A session that started some hours after the recorded one and has a run every day. */
export function makeSession(hour: number, runs = 1): MadeSession {
  const id = uuid(Date.parse(FIRST.start) + hour * HOUR_MS, hour + 1);
  const made: MadeSession = { id, logName: `rollout-2026-11-22T06-15-01-${id}.jsonl`, log: "", lastAt: "", runs: [] };
  for (let index = 0; index < runs; index += 1) {
    const shift = (hour + index * 24) * HOUR_MS;
    const lines = ONE_RUN.slice(index === 0 ? 0 : 1).map((line) => {
      const own = withOwnIds(line.replaceAll(TRUTH.session_id, id), index, id);
      return own.replace(timeOf(line), later(timeOf(line), shift));
    });
    const from = made.log.length;
    made.log += `${lines.join("\n")}\n`;
    made.lastAt = timeOf(lines.at(-1) ?? "");
    made.runs.push({
      from,
      to: Buffer.byteLength(made.log),
      start: later(FIRST.start, shift),
      end: later(FIRST.end, shift),
    });
  }
  return made;
}

/** The text with other ids for each run: the same id twice is the same event. `sessionId` stays. */
export function withOwnIds(text: string, run: number, sessionId: string): string {
  return text.replaceAll(/\b[0-9a-f]{8}(?=(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)/g, (start, at) => {
    if (text.startsWith(sessionId, at)) return start;
    return ((Number.parseInt(start, 16) + run) % 0x1_0000_0000).toString(16).padStart(8, "0");
  });
}

function timeOf(line: string): string {
  return /"timestamp":"([^"]+)"/.exec(line)?.[1] ?? "";
}

function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}
