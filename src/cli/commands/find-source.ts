import { locate } from "../../sessions/locate.ts";
import { topLevel } from "../../system/git.ts";
import { writeAtomic } from "../../system/write-atomic.ts";
import { outputArgs, runArgs } from "../args.ts";
import { command, defineArgs } from "../command.ts";
import { resolvePath, resolveRun } from "../resolve.ts";

const args = defineArgs({
  ...runArgs,
  "debug-json": {
    type: "string",
    valueHint: "file",
    description: "also write there which log was chosen, by which rule, and the runners-up",
  },
  ...outputArgs,
});

export default command(args, async (values, { cwd, env, home, output, messages }) => {
  const run = resolveRun(values, cwd);
  const projectRoot = run.projectRoot ?? (await topLevel(run.cwd));
  const match = await locate({ ...run, projectRoot, env, home });
  const debugFile = resolvePath(values["debug-json"], cwd);
  if (debugFile !== null) await writeAtomic(debugFile, `${JSON.stringify(match, null, 2)}\n`);
  messages.debug(`chosen by ${match.rule}, ${match.runnersUp.length} runners-up`);
  await (values.json ? output.json(match) : output.line(match.path));
  return "done";
});
