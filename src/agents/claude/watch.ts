// Claude Code opens its log only for a moment, but the record of its process names the session it works in.
import type { RunWatch } from "../agent.ts";
import type { BindableRun } from "../binding.ts";
import { sessionsOfProcess } from "./process-records.ts";

export function watchRun(run: BindableRun, pid: number, home: string): RunWatch {
  return {
    observe: sessionsOfProcess(pid, home, Date.parse(run.started_at)),
    found: (sessionIds) => run.sessions.push(...sessionIds),
    stop() {},
  };
}
