// What the wrapper does and prints after the tool has ended. Nothing here changes the exit status.
import type { ConsolaInstance } from "consola/core";
import { commandVariable } from "../agents/tool.ts";
import { loadConfig } from "../config/config.ts";
import { type PendingFile, removePending, savePending } from "../runs/pending.ts";
import { startDetached } from "../system/detached.ts";
import { ExpectedError, messageOf } from "../system/errors.ts";
import { type FinishContext, finishRun, isPending } from "../wrapper/finish.ts";
import type { Launched } from "../wrapper/launch.ts";
import type { Exit } from "./exit.ts";
import { createMessages, NOT_REDACTED, type Verbosity } from "./messages.ts";
import { reportError } from "./report-error.ts";
import { reportExport } from "./run-summary.ts";
import { watchSignals } from "./signals.ts";
import { waitForEvaluation } from "./spinner.ts";
import { isTerminal } from "./terminal.ts";
import { useUserSecretRules } from "./user-secret-rules.ts";

type Context = Pick<FinishContext, "env" | "home" | "now" | "redacts">;

/** Exports and records the run. If that fails, the run stays pending, for `ctx recover`. */
export async function finishAndReport(
  { pending, ending }: Launched,
  verbosity: Verbosity,
  context: Context,
): Promise<void> {
  if (pending === null) return;
  const { env, home } = context;
  const messages = createMessages(isTerminal("stderr"), env, verbosity);
  const waiting = waitForEvaluation(watchSignals(), env, verbosity === "quiet");
  try {
    await useUserSecretRules(env, home);
    const { background } = loadConfig({ root: pending.run.root, env, home }).config;
    const evaluation = ending.forwarded !== null ? "never" : background?.value === true ? "later" : "now";
    const onNotice = (notice: string) => messages.warn(notice);
    const results = await finishRun(pending, { ...context, evaluation, waiting, onNotice });
    for (const result of results) reportExport(result, pending.run.root, messages);
    if (context.redacts === false && results.some(({ indexHtml }) => indexHtml !== null)) messages.warn(NOT_REDACTED);
    if (!results.some(isPending)) return;
    if (evaluation === "later") await recordInBackground(pending, context, messages);
    else messages.warn("the entry is not written yet: run `ctx recover`");
  } catch (error) {
    await reportError(error, messages, "ctx");
    messages.warn("this run is not finished: fix the error, then run `ctx recover`");
  }
}

/** Hands the run over to another process. */
async function recordInBackground(
  pending: PendingFile,
  { redacts }: Context,
  messages: ConsolaInstance,
): Promise<void> {
  pending.run.released = true;
  try {
    await savePending(pending);
    const flags = redacts === false ? ["--no-redact"] : [];
    await startDetached(["recover", "--record", pending.path, "--quiet", ...flags], pending.run.root);
    messages.info("writing the entry in the background");
  } catch (error) {
    messages.warn(`cannot start a background process (${messageOf(error)}): run \`ctx recover\``);
  }
}

/** Reports that the tool could not be started, and removes the pending run. */
export async function reportNotStarted(
  tool: string,
  { command, pending, ending }: Launched,
  name: string,
): Promise<void> {
  if (pending !== null) await removePending(pending);
  const problem = ending.failure === "EACCES" ? "cannot be executed" : "was not found";
  const hint = `install it, or set \`${commandVariable(tool)}\` to its path`;
  await report(new ExpectedError(`\`${command}\` ${problem}`, { hint }), name);
}

export async function report(error: unknown, name: string): Promise<Exit> {
  return await reportError(error, createMessages(isTerminal("stderr"), process.env, "normal"), name);
}
