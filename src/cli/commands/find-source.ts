import { locate } from "../../sessions/locate.ts";
import { topLevel } from "../../system/git.ts";
import { plural } from "../../system/plural.ts";
import { writeAtomic } from "../../system/write-atomic.ts";
import { defineArgs, outputArgs, runArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { resolvePath, resolveRun } from "../resolve.ts";

export const args = defineArgs({
  ...runArgs,
  "debug-json": {
    type: "string",
    valueHint: "FILE",
    description: "write to FILE the chosen log, why it was chosen, and the other candidates",
  },
  ...outputArgs,
});

export async function run(values: Values<typeof args>, { cwd, env, home, output, messages }: Io): Promise<Exit> {
  const selection = resolveRun(values, cwd);
  const projectRoot = selection.projectRoot ?? (await topLevel(selection.cwd));
  const match = await locate({ ...selection, projectRoot, env, home });
  const debugFile = resolvePath(values["debug-json"], cwd);
  if (debugFile !== null) await writeAtomic(debugFile, `${JSON.stringify(match, null, 2)}\n`);
  messages.debug(`chosen by rule ${match.rule}; ${plural(match.runnersUp.length, "other candidate")}`);
  for (const { path, problem } of match.damaged ?? []) messages.warn(`skipped \`${path}\`: ${problem}`);
  await (values.json ? output.json(match) : output.line(match.path));
  return "done";
}
