import { type Recovery, recoverRuns } from "../../wrap/recover.ts";
import { outputArgs, placeArgs } from "../args.ts";
import { command, defineArgs, type Io } from "../command.ts";
import { resolveRoot } from "../resolve.ts";
import { summarize } from "../run-summary.ts";

const args = defineArgs({
  ...placeArgs,
  "dry-run": { type: "boolean", description: "tell what would be done, and do nothing" },
  ...outputArgs,
});

export default command(args, async (values, { cwd, env, home, now, output, messages }) => {
  const root = await resolveRoot(values, cwd);
  const onNotice = (notice: string) => messages.warn(notice);
  const recoveries = await recoverRuns(root, values["dry-run"] === true, {
    env,
    home,
    now,
    hurried: false,
    late: true,
    onNotice,
  });
  if (recoveries.length === 0) messages.info("every run here is finished");
  for (const recovery of recoveries) tell(recovery, root, messages);
  if (values.json) await output.json(recoveries);
  return recoveries.some(({ status }) => status === "failed") ? "failed" : "done";
});

function tell(recovery: Recovery, root: string, messages: Io["messages"]): void {
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
    case "finished":
      messages.info(`${run} is finished: ${sessionsOf(recovery.sessions.map(({ source }) => source.sessionId))}`);
      for (const session of recovery.sessions) summarize(session, root, messages);
  }
}

function sessionsOf(ids: readonly string[]): string {
  return ids.length === 0 ? "it holds nothing" : `session ${ids.join(", ")}`;
}
