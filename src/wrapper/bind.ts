import type { BoundLog } from "../agents/binding.ts";
import { agentOf } from "../agents/registry.ts";
import type { PendingRun } from "../runs/pending.ts";
import { findSessionDirectory } from "../runs/session-directory.ts";
import { worktreesOf } from "../sessions/folder-match.ts";
import { locate } from "../sessions/locate.ts";
import type { Environment } from "../system/paths.ts";

/**
 * Finds the logs a run wrote, in the order in which they were created; none if the tool was opened and closed. Throws an
 * `ExpectedError` if several sessions match.
 */
export async function bindRun(
  run: PendingRun,
  { env, home, others }: { env: Environment; home: string; others: readonly PendingRun[] },
): Promise<BoundLog[]> {
  const { tool, root, cwd, started_at: start, ended_at: end } = run;
  const agent = agentOf(tool);
  return await agent.bindRun(run, {
    home: agent.homeOf(env, home),
    others,
    hasSessionDirectory: (sessionId) => findSessionDirectory(root, tool, sessionId) !== null,
    worktrees: () => worktreesOf(root),
    locate: async () => (await locate({ tool, cwd, projectRoot: root, start, end, sessionId: null, env, home })).path,
  });
}
