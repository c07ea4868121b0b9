import { type PreparedBackfill, prepareBackfill, runBackfill } from "../../catch-up/backfill/backfill.ts";
import { pathOf } from "../../catch-up/planned-run.ts";
import { plural } from "../../system/plural.ts";
import { batchArgs, defineArgs, repositoryArgs, type Values } from "../args.ts";
import { dryRunLine, plannedRun, recordRuns, resolveBatch } from "../batch.ts";
import { describePlan, exitOf, reportResult, skipCounts } from "../batch-report.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";

export const args = defineArgs({
  ...repositoryArgs,
  "sessions-dir": {
    type: "string",
    multiple: true,
    valueHint: "DIR",
    description: "also search DIR for session directories; may be repeated",
  },
  ...batchArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { cwd, output, messages } = io;
  const prepared = await prepareBackfill({
    root: await resolveRoot(values, cwd),
    sessionsDirs: values["sessions-dir"].map((path) => resolvePath(path, cwd) ?? cwd),
    ...resolveBatch(values, io),
  });
  reportPlan(prepared, messages);
  if (values["dry-run"]) {
    const planned = prepared.sessions.flat();
    if (values.json) await output.json({ ...summaryOf(prepared), planned: planned.map(plannedRun) });
    else for (const run of planned) await output.line(dryRunLine(run, pathOf(run.described)));
    return "done";
  }
  const result = await recordRuns(prepared.runs, values, io, async (options) => await runBackfill(prepared, options));
  const skipped = skipCounts(prepared.skipped, prepared.damaged.length);
  reportResult(skipped, "ctx changelog backfill", result, messages);
  const summary = summaryOf(prepared);
  const damaged = [...summary.damaged, ...result.damaged];
  if (values.json) await output.json({ ...summary, ...result, damaged });
  return exitOf(result);
}

/** Prints what will be recorded and what that costs, before anything is sent. */
function reportPlan(prepared: PreparedBackfill, messages: Io["messages"]): void {
  const { directories, runs, sessions, evaluator, damaged } = prepared;
  for (const { path, problem } of damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  const found = plural(directories, "session directory", "session directories");
  const plan = runs === 0 ? "nothing to record" : describePlan(prepared, sessions.length, evaluator.name);
  messages.info(`${found}: ${plan}`);
}

/** The plan as JSON. */
function summaryOf(prepared: PreparedBackfill) {
  const { directories, runs, beyondLimit, actor, evaluator, estimatedTokens, skipped, damaged } = prepared;
  return { directories, runs, beyondLimit, actor, evaluator: evaluator.name, estimatedTokens, skipped, damaged };
}
