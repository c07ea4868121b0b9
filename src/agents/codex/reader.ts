import { basename, join, sep } from "node:path";
import { allFilesOpenForWriting } from "../../system/open-files.ts";
import { realPath } from "../../system/paths.ts";
import type { LogReader } from "../log-reader.ts";
import { lastTime, timeRangeOf } from "../record-times.ts";
import { mayContainCopies, ownBeginning } from "./copied-history.ts";
import { headProblem, readHead } from "./head.ts";
import { CodexParser } from "./parser.ts";
import { type CodexState, codexState } from "./parser-state.ts";
import { listRollouts, sessionIdOfPath, startTimeOfPath } from "./paths.ts";
import { readFirstPrompt, readPromptCount } from "./prompt-count.ts";
import { mayBePrompt } from "./record-kinds.ts";
import { findSubagentLogs, SUBAGENTS } from "./subagent-logs.ts";
import { SessionParser, withSubagents } from "./subagents.ts";
import { codexClock, visitTimestamps } from "./timestamps.ts";

/** File names contain local time, in an unknown time zone. */
const TIME_ZONES_MS = 26 * 60 * 60 * 1000;

export const codexReader: LogReader = {
  listLogs: listRollouts,
  sessionIdOfPath,
  earliestStart(path) {
    const start = startTimeOfPath(path);
    return start === null ? null : start - TIME_ZONES_MS;
  },
  isResumable: (path, home) => !path.startsWith(join(home, "archived_sessions", sep)),
  readHead,
  headProblem,
  lastTimestamp: (path) => lastTime(path, codexClock),
  async sidecarFiles(log, head) {
    const logs = await findSubagentLogs(log, head);
    return logs.map(({ path }) => ({ path, place: join(SUBAGENTS, basename(path)) }));
  },
  subagentLogs: async (log, head) => (await findSubagentLogs(log, head)).map(({ path }) => path),
  async openParser(path, head, range, before) {
    const session = new CodexParser(head.cwd, before as CodexState | null);
    const subagents = await findSubagentLogs(path, head);
    if (subagents.length === 0) return new SessionParser(session);
    return await withSubagents(session, subagents, await timeRangeOf(path, range, codexClock));
  },
  parserState: codexState,
  openPromptParser: ({ cwd }) => new CodexParser(cwd),
  mayBePrompt,
  readPromptCount: readPromptCount,
  readFirstPrompt,
  visitTimestamps,
  async ownBeginning(path, head, after = 0) {
    if (head.forkedFrom !== null || head.parent !== null) return await ownBeginning(path, head);
    if (!(await mayContainCopies(path, after))) return 0;
    const { foreign } = await visitTimestamps(path, head, 0, { visit() {} });
    return foreign ? await ownBeginning(path, head) : 0;
  },
  findActiveSessions() {
    const open = allFilesOpenForWriting((file) => file.endsWith(".jsonl"));
    return open && (({ path }, logs) => [path, ...logs].some((log) => open.has(realPath(log))));
  },
};
