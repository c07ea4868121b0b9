// Sessions of runs that `ctx` itself is at, or that `ctx recover` is to finish: they are nobody else's.
import { logsOf } from "../../agents/binding.ts";
import type { Tool } from "../../agents/tool.ts";
import { instantOf } from "../../events/timestamps.ts";
import { listPending, type PendingRun, pendingFolder } from "../../runs/pending.ts";
import { readPending } from "../../runs/pending-schema.ts";
import type { NativeLog } from "../../sessions/native-logs.ts";
import type { Environment } from "../../system/paths.ts";
import { realPath } from "../../system/paths.ts";

export class PendingSessions {
  readonly #ids = new Set<string>();
  readonly #logs = new Set<string>();
  /** Runs of which it is not known yet which sessions they are. */
  readonly #unnamed: PendingRun[] = [];

  static async read(env: Environment, home: string): Promise<PendingSessions> {
    const pending = new PendingSessions();
    const files = listPending(pendingFolder(env, home), null);
    const runs = await Promise.all(files.map(({ path }) => readPending(path)));
    for (const run of runs) if (run !== null && !("unreadable" in run)) pending.#add(run);
    return pending;
  }

  /** Whether a session is one of them, as its log tells. */
  includes({ path, head }: NativeLog): boolean {
    return this.#ids.has(keyOf(head.tool, head.sessionId)) || this.#logs.has(realPath(path));
  }

  /** Whether it may be one of them, by when it was worked on in a repository. */
  mayInclude({ head, lastAt }: NativeLog, root: string): boolean {
    return this.#unnamed.some((run) => {
      const began = Date.parse(run.started_at);
      const ended = instantOf(run.ended_at) ?? Number.POSITIVE_INFINITY;
      const isInTime = (instantOf(lastAt) ?? began) >= began && (instantOf(head.startedAt) ?? began) <= ended;
      return run.tool === head.tool && run.root === root && isInTime;
    });
  }

  #add(run: PendingRun): void {
    const ids = [run.session_id, run.resume?.id ?? null, ...run.sessions].filter((id) => id !== null);
    for (const id of ids) this.#ids.add(keyOf(run.tool, id));
    const logs = logsOf(run);
    for (const log of logs) this.#logs.add(realPath(log));
    if (ids.length === 0 && logs.length === 0) this.#unnamed.push(run);
  }
}

function keyOf(tool: Tool, id: string): string {
  return `${tool} ${id.toLowerCase()}`;
}
