import { existsSync } from "node:fs";
import { join } from "node:path";
import { AGENTS, TOOLS } from "../../agents/registry.ts";
import { processQueue } from "../../catch-up/run-queue.ts";
import { type OpenSync, openSync, type SyncOptions } from "../../catch-up/sync/sync.ts";
import { restoreWorktreeRows } from "../../changelog/store.ts";
import { ownershipProblem, topLevel } from "../../system/git.ts";
import { realPath } from "../../system/paths.ts";
import { batchArgs, defineArgs, type Values } from "../args.ts";
import { recordRuns, resolveBatch } from "../batch.ts";
import { exitOf, reportResult } from "../batch-report.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { askRepository } from "../repository-picker.ts";
import { resolvePath } from "../resolve.ts";
import { spin } from "../spinner.ts";
import { plannedOf, reportPlan, reportSkipped, SYNC, skippedBy, summaryOf, syncLines } from "../sync-report.ts";
import { isTerminal } from "../terminal.ts";
import { parseWhen } from "../time.ts";
import { UsageError } from "../usage-error.ts";

const DEFAULT_SINCE = "48h";

/** One flag for each tool. Typed without names, because tools are known only at run time. */
const toolFlags: object = Object.fromEntries(
  AGENTS.map(({ id, name }) => [id, { type: "boolean", description: `read the logs of ${name}` }]),
);

export const args = defineArgs({
  ...toolFlags,
  all: { type: "boolean", description: "read the logs of every tool (the default)" },
  since: {
    type: "string",
    valueHint: "WHEN",
    description: `skip sessions older than WHEN: an age (\`3 days ago\`), a date or an ISO 8601 time; default: ${DEFAULT_SINCE}`,
  },
  until: { type: "string", valueHint: "WHEN", description: "skip sessions newer than WHEN" },
  "project-root": {
    type: "string",
    valueHint: "DIR",
    description:
      "record only sessions of the repository in DIR; default: all repositories with a changelog, and the current one",
  },
  "source-jsonl": { type: "string", valueHint: "FILE", description: "read only this log, whatever its age" },
  export: { type: "boolean", description: "also write session directories with transcripts" },
  ...batchArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { env, home, output, messages } = io;
  const options = await optionsOf(values, io);
  const problem = await ownershipProblem(options.projectRoot ?? io.cwd);
  if (problem !== null) messages.warn(problem);
  const opening = openRestored(options, values["dry-run"] === true);
  if (values.quiet !== true) spin("reading logs", opening, env);
  const open = await opening;
  // Asks on standard error: a program may read standard output.
  if (values["dry-run"] !== true && isTerminal("stdin") && isTerminal("stderr")) {
    const signal = await askQuestions(open, home);
    if (signal !== null) return { signal };
  }
  const prepared = await open.prepare();
  reportPlan(prepared, home, messages);
  if (values["dry-run"]) {
    reportSkipped(prepared, messages);
    if (values.json) await output.json({ ...summaryOf(prepared), planned: plannedOf(prepared) });
    else for (const line of syncLines(prepared)) await output.line(line);
    return "done";
  }
  for (const { root } of prepared.repositories) await restoreWorktreeRows(root);
  const exports = values.export === true;
  const result = await recordRuns(prepared.runs, values, io, async (options) => {
    return await processQueue(prepared, { ...options, exports });
  });
  reportResult(skippedBy(prepared), SYNC, result, messages);
  const summary = summaryOf(prepared);
  const damaged = [...summary.damaged, ...result.damaged];
  if (values.json) await output.json({ ...summary, ...result, damaged });
  return exitOf(result);
}

/** Opens the sync after the rows of removed worktrees were restored: their runs are recorded already. */
async function openRestored(options: SyncOptions, isDryRun: boolean): Promise<OpenSync> {
  const { current, projectRoot } = options;
  for (const root of isDryRun ? [] : new Set([current, projectRoot]))
    if (root !== null) await restoreWorktreeRows(root);
  return await openSync(options);
}

/** Asks which repository sessions belong to; returns the signal that ended the questions, if any. */
async function askQuestions({ ambiguous, assign }: OpenSync, home: string): Promise<NodeJS.Signals | null> {
  for (const [index, session] of ambiguous.entries()) {
    const { root, signal } = await askRepository(session, { number: index + 1, of: ambiguous.length }, home);
    if (signal !== null) return signal;
    if (root !== null) await assign(session, root);
  }
  return null;
}

async function optionsOf(values: Values<typeof args>, io: Io): Promise<SyncOptions> {
  const { cwd, now } = io;
  const at = now();
  const since = parseWhen("--since", values.since ?? DEFAULT_SINCE, "start", at);
  const until = values.until === undefined ? at.getTime() : parseWhen("--until", values.until, "end", at);
  if (since > until) throw new UsageError("`--since` is after `--until`", "swap them, or use an earlier `--since`");
  const named = TOOLS.filter((tool) => (values as Record<string, unknown>)[tool] === true);
  const root = resolvePath(values["project-root"], cwd);
  const top = await topLevel(cwd);
  return {
    tools: named.length === 0 || values.all === true ? TOOLS : named,
    since,
    until,
    source: resolvePath(values["source-jsonl"], cwd),
    projectRoot: root === null ? null : realPath(root),
    current: existsSync(join(top, ".git")) ? realPath(top) : null,
    ...resolveBatch(values, io),
    now,
  };
}
