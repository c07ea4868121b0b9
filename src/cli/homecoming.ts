// What the wrapper does and says once the tool is gone. Nothing here changes the status the tool ended with.
import type { ConsolaInstance } from "consola/core";
import { loadConfig } from "../config/config.ts";
import { type PendingFile, removePending, savePending } from "../runs/pending.ts";
import { startDetached } from "../system/detached.ts";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { type FinishContext, finishRun, isPending } from "../wrapper/finish.ts";
import type { Launched } from "../wrapper/launch.ts";
import type { Exit } from "./exit.ts";
import { renderCommandHelp } from "./help.ts";
import { watchSignals } from "./interruption.ts";
import { createMessages, type Verbosity } from "./messages.ts";
import { createOutput } from "./output.ts";
import { useOwnSecretRules } from "./own-secrets.ts";
import { report } from "./report.ts";
import { summarize } from "./run-summary.ts";
import { SECRETS_KEPT } from "./secrets-kept.ts";
import { isTerminal, pageStyle } from "./terminal.ts";
import { waitAtTerminal } from "./waiting.ts";
import { wrapperArgs } from "./wrapper.ts";

type World = Pick<FinishContext, "env" | "home" | "now" | "redacts">;

/** Exports and records the run. What fails is told, and left for `ctx recover`. */
export async function bringHome({ pending, ending }: Launched, verbosity: Verbosity, world: World): Promise<void> {
  if (pending === null) return;
  const { env } = world;
  const messages = createMessages(isTerminal("stderr"), env, verbosity);
  const waiting = waitAtTerminal(watchSignals(), env, verbosity === "quiet");
  try {
    useOwnSecretRules(env, world.home);
    const isAskedToEnd = ending.forwarded !== null;
    const evaluation = isAskedToEnd ? "never" : isBackgroundWanted(pending, world) ? "later" : "now";
    const onNotice = (notice: string) => messages.warn(notice);
    const results = await finishRun(pending, { ...world, evaluation, waiting, onNotice });
    for (const result of results) summarize(result, pending.run.root, messages);
    if (world.redacts === false && results.some(({ indexHtml }) => indexHtml !== null)) messages.warn(SECRETS_KEPT);
    if (!results.some(isPending)) return;
    if (evaluation === "later") await goOnInBackground(pending, world, messages);
    else messages.warn("its entry is left for later: run `ctx recover`");
  } catch (error) {
    await report(error, messages, "ctx");
    messages.warn("this run is not finished: mend that, then run `ctx recover`");
  }
}

function isBackgroundWanted({ run }: PendingFile, { env, home }: World): boolean {
  return loadConfig({ root: run.root, env, home }).config.background?.value === true;
}

/** From here on the run is another process's. */
async function goOnInBackground(pending: PendingFile, { redacts }: World, messages: ConsolaInstance): Promise<void> {
  pending.run.released = true;
  try {
    await savePending(pending);
    const asked = redacts === false ? ["--no-redact"] : [];
    await startDetached(["recover", "--record", pending.path, "--quiet", ...asked], pending.run.root);
    messages.info("its entry follows in the background");
  } catch (error) {
    messages.warn(`nothing can be started in the background (${messageOf(error)}): run \`ctx recover\``);
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
