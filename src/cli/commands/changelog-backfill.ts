import { type BackfillOptions, prepareBackfill, runBackfill } from "../../catch-up/backfill/backfill.ts";
import { placeArgs, workArgs } from "../args.ts";
import { aboutBackfill, dryRunLines, plannedRuns, summaryOf, tellCost } from "../backfill-report.ts";
import { command, defineArgs, type Io, type Values } from "../command.ts";
import { valuesOf } from "../parse.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { recordRuns, resolveWork } from "../work.ts";
import { exitOf, tellResult } from "../work-report.ts";

const args = defineArgs({
  ...placeArgs,
  "sessions-dir": {
    type: "string",
    valueHint: "dir…",
    description: "another folder of session directories; may be given several times",
  },
  ...workArgs,
});

export default command(args, async (values, io) => {
  const { output, messages } = io;
  const prepared = await prepareBackfill(await optionsOf(values, io));
  tellCost(prepared, messages);
  if (values["dry-run"]) {
    if (values.json) await output.json({ ...summaryOf(prepared), planned: plannedRuns(prepared) });
    else for (const line of dryRunLines(prepared)) await output.line(line);
    return "done";
  }
  const result = await recordRuns(prepared.runs, values, io, async (options) => await runBackfill(prepared, options));
  tellResult(aboutBackfill(prepared), result, messages);
  if (values.json) await output.json({ ...summaryOf(prepared), ...result });
  return exitOf(result);
});

async function optionsOf(values: Values<typeof args>, io: Io): Promise<BackfillOptions> {
  const { cwd } = io;
  return {
    root: await resolveRoot(values, cwd),
    sessionsDirs: valuesOf(values["sessions-dir"]).map((path) => resolvePath(path, cwd) ?? cwd),
    ...resolveWork(values, io),
  };
}
