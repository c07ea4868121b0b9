// Whether a session is still in use, so that its log holds only the beginning of a run.
import { stat } from "node:fs/promises";
import { mapParallel, nullIfUnreadable } from "../agents/log-heads.ts";
import type { LogReader } from "../agents/log-reader.ts";
import { agentOf, readerOf } from "../agents/registry.ts";
import type { Tool } from "../agents/tool.ts";
import { instantOf, later } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import type { Environment } from "../system/paths.ts";
import type { NativeLog } from "./native-logs.ts";

/**
 * - `over`: it has been idle for so long that its records count as a run; an open call prolongs that time
 * - `ended`: no process uses it any more
 * - `going`: it is in use, or may be
 */
export type ActivityState = "over" | "ended" | "going";

/**
 * What the last record of a log is.
 * - `rest`: an answer
 * - `turn`: something that an answer may follow
 * - `call`: a call without a result
 */
export type LogEnd = "rest" | "turn" | "call";

/** A person reads, thinks and answers within this time. */
const IDLE_MS = 10 * 60_000;
/** A call without a result for this long counts as abandoned, even if it waits for the person's approval. */
const ABANDONED_CALL_MS = 24 * 60 * 60_000;
/** Within this time, a tool that has ended has written all its records. */
const SETTLED_MS = 60_000;

/** Looks at the running processes once, and only when the result depends on them. */
export class ActivityMonitor {
  readonly #env: Environment;
  readonly #home: string;
  readonly #now: number;
  readonly #active = new Map<Tool, ReturnType<LogReader["findActiveSessions"]>>();

  constructor(env: Environment, home: string, now: Date) {
    this.#env = env;
    this.#home = home;
    this.#now = now.getTime();
  }

  async stateOf(log: NativeLog, end: LogEnd): Promise<ActivityState> {
    // A tool compresses only sessions that have been idle for days.
    if (isCompressed(log.path)) return "over";
    const reader = await readerOf(log.head.tool);
    const subagents = await reader.subagentLogs(log.path, log.head);
    const quietMs = this.#now - (instantOf(await lastWritten(reader, log, subagents)) ?? 0);
    if (quietMs >= (end === "call" ? ABANDONED_CALL_MS : IDLE_MS)) return "over";
    // A tool in a container is not visible from here: while the model may be thinking, wait longer.
    if (quietMs >= (end === "rest" ? SETTLED_MS : IDLE_MS) && this.#isUnused(reader, log, subagents)) return "ended";
    return "going";
  }

  /** Whether surely no process uses the session. */
  #isUnused(reader: LogReader, log: NativeLog, subagents: readonly string[]): boolean {
    const { tool } = log.head;
    let isActive = this.#active.get(tool);
    if (isActive === undefined) {
      isActive = reader.findActiveSessions(agentOf(tool).homeOf(this.#env, this.#home));
      this.#active.set(tool, isActive);
    }
    return isActive !== null && !isActive(log, subagents);
  }
}

/**
 * The last time in the records of the session or a subagent. File times are not used, because a copied log has new
 * ones.
 */
async function lastWritten(
  reader: LogReader,
  { lastAt }: NativeLog,
  subagents: readonly string[],
): Promise<string | null> {
  const times = await mapParallel(subagents, async (path) => {
    const stats = await nullIfUnreadable(() => stat(path));
    const isNewer = stats !== null && stats.mtimeMs > (instantOf(lastAt) ?? 0);
    return isNewer ? await nullIfUnreadable(() => reader.lastTimestamp(path)) : null;
  });
  return times.reduce(later, lastAt);
}
