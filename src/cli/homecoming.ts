// What the wrapper does and says once the tool is gone. Nothing here changes the status the tool ended with.
import { ExpectedError } from "../system/errors.ts";
import { type FinishContext, finishRun } from "../wrap/finish.ts";
import type { Launched } from "../wrap/launch.ts";
import { removePending } from "../wrap/pending.ts";
import type { Exit } from "./exit.ts";
import { renderCommandHelp } from "./help.ts";
import { watchSignals } from "./interruption.ts";
import { createMessages, type Verbosity } from "./messages.ts";
import { createOutput } from "./output.ts";
import { report } from "./report.ts";
import { summarize } from "./run-summary.ts";
import { isTerminal, pageStyle } from "./terminal.ts";
import { wrapperArgs } from "./wrapper.ts";

type World = Pick<FinishContext, "env" | "home" | "now">;

/** Exports and records the run. What fails is told, and left for `ctx recover`. */
export async function bringHome({ pending, ending }: Launched, verbosity: Verbosity, world: World): Promise<void> {
  if (pending === null) return;
  const messages = createMessages(isTerminal("stderr"), world.env, verbosity);
  watchSignals();
  try {
    const hurried = ending.asked !== null;
    const onNotice = (notice: string) => messages.warn(notice);
    const results = await finishRun(pending, { ...world, hurried, late: false, onNotice });
    for (const result of results) summarize(result, pending.run.root, messages);
  } catch (error) {
    await report(error, messages, "ctx");
    messages.warn("this run is not finished: mend that, then run `ctx recover`");
  }
}

/** The tool could not be started: there is nothing to bring home. */
export async function tellNotStarted(
  tool: string,
  { command, pending, ending }: Launched,
  name: string,
): Promise<void> {
  if (pending !== null) await removePending(pending);
  const problem = ending.failure === "EACCES" ? "may not be run" : "was not found";
  const variable = `CTX_${tool.toUpperCase()}_CMD`;
  await explain(
    new ExpectedError(`\`${command}\` ${problem}`, { hint: `install it, or name it with \`${variable}\`` }),
    name,
  );
}

export async function explain(error: unknown, name: string): Promise<Exit> {
  return await report(error, createMessages(isTerminal("stderr"), process.env, "normal"), name);
}

export async function showHelp(usage: string): Promise<Exit> {
  const summary = "run the tool as always, then keep its log and record what was done";
  const page = renderCommandHelp(usage, summary, wrapperArgs, pageStyle("stdout", process.env));
  await createOutput(isTerminal("stdout")).text(page);
  return "done";
}
