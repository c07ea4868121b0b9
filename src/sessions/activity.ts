// Whether somebody still works in a session, so that what its log holds is only the beginning of a run.
import { stat } from "node:fs/promises";
import { claudeHome } from "../agents/claude/paths.ts";
import { sessionsAtWork } from "../agents/claude/process-records.ts";
import { lastTimestamp, mapParallel, nullIfUnreadable } from "../agents/log-heads.ts";
import { subagentLogsOf } from "../agents/sidecar-files.ts";
import { instantOf, later } from "../events/timestamps.ts";
import { isCompressed } from "../system/chunks.ts";
import { allFilesOpenForWriting } from "../system/open-files.ts";
import type { Environment } from "../system/paths.ts";
import { realPath } from "../system/paths.ts";
import type { NativeLog } from "./native-logs.ts";

/**
 * - `over`: it ended, or was left alone for so long that it counts as a run; only what still waits for its end speaks
 *   against that
 * - `ended`: no process is at it any more
 * - `going`: it is going on
 */
export type ActivityState = "over" | "ended" | "going";

/**
 * How a log ends.
 * - `rest`: with an answer
 * - `turn`: with something that an answer may follow
 * - `call`: with a call that has no result
 */
export type LogEnd = "rest" | "turn" | "call";

/** A person reads, thinks and answers in less. */
const IDLE_MS = 10 * 60_000;
/** A call that waits for the person's word that long waits for nothing any more. */
const ABANDONED_CALL_MS = 24 * 60 * 60_000;
/** A tool that has ended has written all by then. */
const SETTLED_MS = 60_000;

/** Looks at processes once, and only when it matters. */
export class ActivityMonitor {
  readonly #env: Environment;
  readonly #home: string;
  readonly #now: number;
  #open: Set<string> | null | undefined;
  #sessions: Set<string> | null | undefined;

  constructor(env: Environment, home: string, now: Date) {
    this.#env = env;
    this.#home = home;
    this.#now = now.getTime();
  }

  async stateOf(log: NativeLog, end: LogEnd): Promise<ActivityState> {
    // Codex packs what was idle for days, and unpacks it to go on.
    if (isCompressed(log.path)) return "over";
    const subagents = await subagentLogsOf(log.path, log.head);
    const quietMs = this.#now - (instantOf(await lastWritten(log, subagents)) ?? 0);
    if (quietMs >= (end === "call" ? ABANDONED_CALL_MS : IDLE_MS)) return "over";
    // A tool in a container is not to be seen from here: as long as it may be thinking it gets its time.
    if (quietMs >= (end === "rest" ? SETTLED_MS : IDLE_MS) && this.#isGone(log, subagents)) return "ended";
    return "going";
  }

  #isGone({ path, head }: NativeLog, subagents: readonly string[]): boolean {
    if (head.tool === "claude") {
      this.#sessions ??= sessionsAtWork(claudeHome(this.#env, this.#home));
      return this.#sessions !== null && !this.#sessions.has(head.sessionId.toLowerCase());
    }
    this.#open ??= allFilesOpenForWriting((file) => file.endsWith(".jsonl"));
    const open = this.#open;
    return open !== null && ![path, ...subagents].some((log) => open.has(realPath(log)));
  }
}

/** When the session or one of its subagents wrote last, by the records themselves: a copied log is as old as those. */
async function lastWritten({ head, lastAt }: NativeLog, subagents: readonly string[]): Promise<string | null> {
  const agents = await mapParallel(subagents, async (path) => {
    const stats = await nullIfUnreadable(() => stat(path));
    const isNewer = stats !== null && stats.mtimeMs > (instantOf(lastAt) ?? 0);
    return isNewer ? await lastTimestamp(head.tool, path) : null;
  });
  return agents.reduce(later, lastAt);
}
