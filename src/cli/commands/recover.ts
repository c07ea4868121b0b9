import { type Recovery, recoverRuns, type Unfinished } from "../../wrapper/recover.ts";
import { outputArgs, placeArgs, transcriptArgs } from "../args.ts";
import { command, defineArgs, type Io, type Values } from "../command.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { summarize } from "../run-summary.ts";
import { SECRETS_KEPT } from "../secrets-kept.ts";
import { waitAtTerminal } from "../waiting.ts";

const args = defineArgs({
  ...placeArgs,
  record: { type: "string", valueHint: "file", description: "finish only the run of this record" },
  "dry-run": { type: "boolean", description: "tell what would be done, and do nothing" },
  "no-redact": transcriptArgs["no-redact"],
  ...outputArgs,
});

export default command(args, async (values, io) => {
  const { env, home, now, output, messages, interruption } = io;
  const recoveries = await recoverRuns(await whichRuns(values, io), values["dry-run"] === true, {
    env,
    home,
    now,
    redacts: values["no-redact"] !== true,
    evaluation: "now",
    waiting: waitAtTerminal(interruption, env, values.quiet === true),
    onNotice: (notice) => messages.warn(notice),
  });
  if (recoveries.length === 0) messages.info("every run here is finished");
  for (const recovery of recoveries) tell(recovery, messages);
  if (values["no-redact"] && recoveries.some(hasPages)) messages.warn(SECRETS_KEPT);
  if (values.json) await output.json(recoveries);
  return recoveries.some(({ status }) => status === "failed") ? "failed" : "done";
});

async function whichRuns(values: Values<typeof args>, { cwd }: Io): Promise<Unfinished> {
  const record = resolvePath(values.record, cwd);
  return record === null ? { root: await resolveRoot(values, cwd) } : { record };
}

function hasPages(recovery: Recovery): boolean {
  if (recovery.status !== "finished" && recovery.status !== "pending") return false;
  return recovery.sessions.some(({ indexHtml }) => indexHtml !== null);
}

function tell(recovery: Recovery, messages: Io["messages"]): void {
  const label = recovery.label === null ? "" : ` \`${recovery.label}\``;
  const run = `the run${label} of ${recovery.startedAt ?? "an unknown time"}`;
  switch (recovery.status) {
    case "running":
      messages.info(`${run} goes on, or nobody here can tell: left alone`);
      return;
    case "failed":
      messages.error(`${run} is not finished: ${recovery.problem}`, `its record is \`${recovery.path}\``);
      return;
    case "planned":
      messages.info(`${run} would be finished: ${sessionsOf(recovery.sessions.map(({ sessionId }) => sessionId))}`);
      return;
    case "pending":
    case "finished":
      messages.info(`${run} is ${describe(recovery)}`);
      for (const session of recovery.sessions) summarize(session, recovery.root, messages);
  }
}

function describe({ status, sessions }: Recovery & { status: "pending" | "finished" }): string {
  if (status === "pending") return "still to be recorded";
  return `finished: ${sessionsOf(sessions.map(({ source }) => source.sessionId))}`;
}

function sessionsOf(ids: readonly string[]): string {
  return ids.length === 0 ? "it holds nothing" : `session ${ids.join(", ")}`;
}
