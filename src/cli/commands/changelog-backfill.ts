import { type BackfillOptions, prepareBackfill, runBackfill } from "../../wrap/backfill/backfill.ts";
import { changelogArgs, outputArgs, placeArgs } from "../args.ts";
import { BackfillProgress } from "../backfill-progress.ts";
import { dryRunLines, exitOf, plannedRuns, summaryOf, tellCost, tellResult } from "../backfill-report.ts";
import { command, defineArgs, type Io, type Values } from "../command.ts";
import { valuesOf } from "../parse.ts";
import { resolveCount, resolvePath, resolveRoot, resolveSeconds } from "../resolve.ts";

/** Polite to the model's provider, and to the person who works meanwhile. */
const DEFAULT_CONCURRENCY = 2;
const MOST_AT_ONCE = 32;

const args = defineArgs({
  ...placeArgs,
  "sessions-dir": {
    type: "string",
    valueHint: "dir…",
    description: "another folder of session directories; may be given several times",
  },
  actor: { ...changelogArgs["changelog-actor"], alias: "changelog-actor" },
  evaluator: { ...changelogArgs["changelog-evaluator"], alias: "changelog-evaluator" },
  model: { ...changelogArgs["changelog-model"], alias: "changelog-model" },
  timeout: { ...changelogArgs["changelog-timeout"], alias: "changelog-timeout" },
  limit: { type: "string", valueHint: "n", description: "record at most so many runs" },
  "max-concurrency": {
    type: "string",
    valueHint: "n",
    description: `how many runs are evaluated at once; default: ${DEFAULT_CONCURRENCY}`,
  },
  "retry-failed": { type: "boolean", description: "try again what the evaluator failed at before" },
  "no-upgrade": { type: "boolean", description: "leave entries alone that no model saw" },
  "dry-run": { type: "boolean", description: "tell what would be done, and do nothing" },
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const { now, output, messages, env, home, interruption } = io;
  const onNotice = (notice: string) => messages.warn(notice);
  const prepared = await prepareBackfill(await optionsOf(values, io));
  tellCost(prepared, messages);
  if (values["dry-run"]) {
    if (values.json) await output.json({ ...summaryOf(prepared), planned: plannedRuns(prepared) });
    else for (const line of dryRunLines(prepared)) await output.line(line);
    return "done";
  }

  interruption.isAwaited = true;
  const progress = new BackfillProgress(prepared.runs, { env, messages, isQuiet: values.quiet === true });
  const concurrency = Math.min(
    resolveCount("--max-concurrency", values["max-concurrency"]) ?? DEFAULT_CONCURRENCY,
    MOST_AT_ONCE,
  );
  const isAbandoned = () => interruption.signal !== null;
  try {
    const context = { concurrency, env, home, now, isAbandoned, onNotice: progress.above(onNotice) };
    const result = await runBackfill(prepared, { ...context, onBegin: progress.begin, onOutcome: progress.end });
    progress.close();
    tellResult(prepared, result, messages);
    if (values.json) await output.json({ ...summaryOf(prepared), ...result });
    return exitOf(result);
  } finally {
    progress.close();
  }
});

async function optionsOf(values: Values<typeof args>, { cwd, env, home, messages }: Io): Promise<BackfillOptions> {
  return {
    root: await resolveRoot(values, cwd),
    sessionsDirs: valuesOf(values["sessions-dir"]).map((path) => resolvePath(path, cwd) ?? cwd),
    actor: values.actor ?? null,
    evaluator: values.evaluator ?? null,
    model: values.model ?? null,
    timeoutMs: resolveSeconds("--timeout", values.timeout),
    limit: resolveCount("--limit", values.limit),
    upgrades: values["no-upgrade"] !== true,
    retriesFailed: values["retry-failed"] === true,
    env,
    home,
    onNotice: (notice) => messages.warn(notice),
  };
}
