import { dirname, join } from "node:path";
import type { LogReader } from "../log-reader.ts";
import { lastTime, timeRangeOf } from "../record-times.ts";
import { isSessionId } from "../session-id.ts";
import { ownBeginning } from "./copied-history.ts";
import { headProblem, readHead } from "./head.ts";
import { ClaudeParser } from "./parser.ts";
import { type ClaudeState, claudeState } from "./parser-state.ts";
import { listClaudeLogs, sessionIdOfLog } from "./paths.ts";
import { activeSessions } from "./process-records.ts";
import { readPromptCount } from "./prompt-count.ts";
import { mayBePrompt } from "./record-kinds.ts";
import { listSubagentLogs, sidecarFiles } from "./sidecar-files.ts";
import { claudeClock, visitTimestamps } from "./timestamps.ts";

export const claudeReader: LogReader = {
  listLogs: async (home) => listClaudeLogs(home),
  sessionIdOfPath(path) {
    const id = sessionIdOfLog(path);
    return isSessionId(id) ? id : null;
  },
  earliestStart: () => null,
  isResumable: () => true,
  readHead,
  headProblem,
  lastTimestamp: (path) => lastTime(path, claudeClock),
  sidecarFiles: async (log) => sidecarFiles(log).map((place) => ({ path: join(dirname(log), place), place })),
  subagentLogs: async (log) => listSubagentLogs(log).map(({ path }) => path),
  async openParser(path, { cwd }, range, before) {
    const beside = { log: path, times: await timeRangeOf(path, range, claudeClock) };
    return new ClaudeParser({ cwd, beside }, before as ClaudeState | null);
  },
  parserState: claudeState,
  openPromptParser: ({ cwd }) => new ClaudeParser({ cwd, beside: null }),
  mayBePrompt,
  readPromptCount: readPromptCount,
  readFirstPrompt: async (path, head, maxBytes) => (await readPromptCount(path, head, { to: maxBytes })).first,
  visitTimestamps,
  async ownBeginning(path, head, after = 0) {
    return await ownBeginning(path, head, head.forkedFrom === null && head.parent === null ? after : 0);
  },
  findActiveSessions(home) {
    const sessions = activeSessions(home);
    return sessions && (({ head }) => sessions.has(head.sessionId.toLowerCase()));
  },
};
