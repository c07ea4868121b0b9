import { type Recovery, recoverRuns, type Unfinished } from "../../wrapper/recover.ts";
import { defineArgs, outputArgs, repositoryArgs, transcriptArgs, type Values } from "../args.ts";
import type { Io } from "../command.ts";
import type { Exit } from "../exit.ts";
import { NOT_REDACTED } from "../messages.ts";
import { resolvePath, resolveRoot } from "../resolve.ts";
import { reportExport } from "../run-summary.ts";
import { waitForEvaluation } from "../spinner.ts";

export const args = defineArgs({
  ...repositoryArgs,
  record: { type: "string", valueHint: "FILE", description: "finish only the pending run that FILE describes" },
  "dry-run": { type: "boolean", description: "print what would be done, without doing it" },
  redact: transcriptArgs.redact,
  ...outputArgs,
});

export async function run(values: Values<typeof args>, io: Io): Promise<Exit> {
  const { env, home, now, output, messages, interruption } = io;
  const redacts = values.redact !== false;
  const recoveries = await recoverRuns(await selectRuns(values, io), values["dry-run"] === true, {
    env,
    home,
    now,
    redacts,
    evaluation: "now",
    waiting: waitForEvaluation(interruption, env, values.quiet === true),
    onNotice: (notice) => messages.warn(notice),
  });
  if (recoveries.length === 0) messages.info("no pending runs");
  for (const recovery of recoveries) report(recovery, messages);
  if (!redacts && recoveries.some(hasPages)) messages.warn(NOT_REDACTED);
  if (values.json) await output.json(recoveries);
  return recoveries.some(({ status }) => status === "failed") ? "failed" : "done";
}

async function selectRuns(values: Values<typeof args>, { cwd }: Io): Promise<Unfinished> {
  const record = resolvePath(values.record, cwd);
  return record === null ? { root: await resolveRoot(values, cwd) } : { record };
}

function hasPages(recovery: Recovery): boolean {
  if (recovery.status !== "finished" && recovery.status !== "pending") return false;
  return recovery.sessions.some(({ indexHtml }) => indexHtml !== null);
}

function report(recovery: Recovery, messages: Io["messages"]): void {
  const label = recovery.label === null ? "" : ` \`${recovery.label}\``;
  const run = `run${label} of ${recovery.startedAt ?? "an unknown time"}`;
  switch (recovery.status) {
    case "running":
      messages.info(`${run} may still be running: skipped`);
      return;
    case "failed":
      messages.error(`${run} was not finished: ${recovery.problem}`, `it stays pending in \`${recovery.path}\``);
      return;
    case "planned":
      messages.info(`${run} would be finished: ${describe(recovery.sessions.map(({ sessionId }) => sessionId))}`);
      return;
    case "pending":
      messages.info(`${run}: the entry is not written yet`);
      break;
    case "finished":
      messages.info(`${run} is finished: ${describe(recovery.sessions.map(({ source }) => source.sessionId))}`);
  }
  for (const session of recovery.sessions) reportExport(session, recovery.root, messages);
}

function describe(sessionIds: readonly string[]): string {
  return sessionIds.length === 0 ? "it is empty" : `session ${sessionIds.join(", ")}`;
}
