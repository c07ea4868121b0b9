// Sessions of pending runs: `ctx` itself or `ctx recover` will record them.
import { logsOf } from "../../agents/binding.ts";
import type { Tool } from "../../agents/tool.ts";
import { instantOf } from "../../events/timestamps.ts";
import { listPending, type PendingRun, pendingFolder } from "../../runs/pending.ts";
import { readPending } from "../../runs/pending-schema.ts";
import type { NativeLog } from "../../sessions/native-logs.ts";
import { type Environment, realPath } from "../../system/paths.ts";

export class PendingSessions {
  readonly #ids = new Set<string>();
  readonly #logs = new Set<string>();
  /** Runs whose sessions are not known yet. */
  readonly #unidentified: PendingRun[] = [];

  static async read(env: Environment, home: string): Promise<PendingSessions> {
    const pending = new PendingSessions();
    const files = listPending(pendingFolder(env, home), null);
    const runs = await Promise.all(files.map(({ path }) => readPending(path)));
    for (const run of runs) if (run !== null && !("unreadable" in run)) pending.#add(run);
    return pending;
  }

  /** Whether a session is known to belong to a pending run. */
  includes({ path, head }: NativeLog): boolean {
    return this.#ids.has(keyOf(head.tool, head.sessionId)) || this.#logs.has(realPath(path));
  }

  /** Whether a session may belong to a pending run in a repository, by the time it was active. */
  mayInclude({ head, lastAt }: NativeLog, root: string): boolean {
    return this.#unidentified.some((run) => {
      const startedAt = Date.parse(run.started_at);
      const endedAt = instantOf(run.ended_at) ?? Number.POSITIVE_INFINITY;
      const overlaps =
        (instantOf(lastAt) ?? startedAt) >= startedAt && (instantOf(head.startedAt) ?? startedAt) <= endedAt;
      return run.tool === head.tool && run.root === root && overlaps;
    });
  }

  #add(run: PendingRun): void {
    const ids = [run.session_id, run.resume?.id ?? null, ...run.sessions].filter((id) => id !== null);
    for (const id of ids) this.#ids.add(keyOf(run.tool, id));
    const logs = logsOf(run);
    for (const log of logs) this.#logs.add(realPath(log));
    if (ids.length === 0 && logs.length === 0) this.#unidentified.push(run);
  }
}

function keyOf(tool: Tool, id: string): string {
  return `${tool} ${id.toLowerCase()}`;
}
