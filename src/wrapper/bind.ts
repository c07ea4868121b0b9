// Which logs a run wrote: exactly where that can be known, else the only one there can be, never a guess between two.

import type { PendingRun } from "../runs/pending.ts";
import type { BoundLog } from "../sessions/locate.ts";
import { bindClaude } from "./bind-claude.ts";
import { bindCodex } from "./bind-codex.ts";
import type { BindContext } from "./bind-context.ts";

/** The run's logs, in the order they were begun; none when the tool was opened and closed. */
export async function bindRun(run: PendingRun, context: BindContext): Promise<BoundLog[]> {
  return run.tool === "codex" ? await bindCodex(run, context) : await bindClaude(run, context);
}
