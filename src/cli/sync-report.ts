// Prints what `changelog sync` found in the logs, and what it is about to record.
import { existsSync } from "node:fs";
import type { SkippedSession, SkipReason } from "../catch-up/sync/scan-result.ts";
import type { PreparedSync } from "../catch-up/sync/sync.ts";
import { tildePath } from "../system/paths.ts";
import { plural } from "../system/plural.ts";
import { quoteWords } from "../system/shell-quote.ts";
import { dryRunLine, plannedRun } from "./batch.ts";
import { describePlan, type SkipCount, skipCounts } from "./batch-report.ts";
import type { Io } from "./command.ts";
import { candidateLine } from "./repository-picker.ts";
import { singleLine } from "./session-lines.ts";
import { escapeControls } from "./terminal-escape.ts";

type Messages = Io["messages"];

export const SYNC = "ctx changelog sync";

/** The maximum number of repositories that are listed; of the others only the number is printed. */
const MAX_LISTED = 20;

const REASONS: Record<SkipReason, string> = {
  running: "still running",
  pending: "pending (see `ctx recover`)",
  several: "with several possible repositories",
  "no-repository": "outside any repository",
  "no-changelog": "in repositories without a changelog",
  "changelog-off": "in repositories with the changelog turned off",
  elsewhere: "in other repositories",
};

/** Prints what was found, where it will be recorded and what that costs, before anything is sent or written. */
export function reportPlan(prepared: PreparedSync, home: string, messages: Messages): void {
  const { scan, runs, assignments, evaluator, repositories } = prepared;
  for (const { path, problem } of scan.damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  for (const session of scan.skippedSessions.filter(({ reason }) => reason === "several"))
    warnSeveral(session, home, messages);
  warnGone(scan.skippedSessions, home, messages);
  warnNoChangelog(scan.skippedSessions, home, messages);
  const pending = scan.skippedSessions.filter(({ reason }) => reason === "pending").length;
  if (pending > 0) messages.warn(`skipped ${plural(pending, "session")} with pending runs: run \`ctx recover\``);
  const found = `${plural(scan.sessions, "session")} in ${plural(scan.considered, "log")}`;
  if (runs === 0) {
    messages.info(`${found}: nothing to record`);
    return;
  }
  messages.info(`${found}: ${describePlan(prepared, assignments.length, evaluator.name)}`);
  const listed = repositories.filter(({ begins }, index) => begins || index < MAX_LISTED);
  for (const { root, actor, begins, runs: count } of listed) {
    const created = begins ? " (creates its changelog)" : "";
    messages.info(`  \`${singleLine(tildePath(root, home))}\`: ${plural(count, "run")} for ${actor}${created}`);
  }
  const more = repositories.length - listed.length;
  if (more > 0) messages.info(`  and ${more} more repositories`);
}

/** Prints what a dry run skipped, and why. */
export function reportSkipped(prepared: PreparedSync, messages: Messages): void {
  const counts = skippedBy(prepared).filter(([count]) => count > 0);
  if (counts.length > 0) messages.info(`skipped: ${counts.map(([count, reason]) => `${count} ${reason}`).join("; ")}`);
}

export function skippedBy({ scan: { skippedRuns, damaged, skippedSessions } }: PreparedSync): SkipCount[] {
  const counts = new Map<SkipReason, number>();
  for (const { reason } of skippedSessions) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]): SkipCount => [count, REASONS[reason]]);
  return [...skipCounts(skippedRuns, damaged.length), ...reasons];
}

function warnSeveral({ log, promptLabel, candidates }: SkippedSession, home: string, messages: Messages): void {
  const name = promptLabel === null ? "" : ` (${singleLine(promptLabel)})`;
  const roots = candidates.map((candidate) => `\n  ${candidateLine(candidate, home)}`).join("");
  const [first] = candidates;
  const command = commandText("--source-jsonl", log.path, "--project-root", first?.root ?? "DIR");
  const session = singleLine(log.head.sessionId);
  messages.warn(`session ${session}${name} may belong to several repositories:${roots}\n  choose with \`${command}\``);
}

/** Names the sessions whose folder is gone: only the user knows which repository it belonged to. */
function warnGone(sessions: readonly SkippedSession[], home: string, messages: Messages): void {
  const gone = sessions.filter(({ reason, log: { head } }) => {
    return reason === "no-repository" && head.cwd !== null && !existsSync(head.cwd);
  });
  for (const { log, promptLabel } of gone.slice(0, MAX_LISTED)) {
    const name = promptLabel === null ? "" : ` (${singleLine(promptLabel)})`;
    const folder = singleLine(tildePath(log.head.cwd ?? "", home));
    const command = commandText("--source-jsonl", log.path, "--project-root", "DIR");
    messages.warn(
      `session ${singleLine(log.head.sessionId)}${name} ran in \`${folder}\`, which is gone; record it with \`${command}\``,
    );
  }
  if (gone.length > MAX_LISTED) messages.warn(`${gone.length - MAX_LISTED} more sessions ran in folders that are gone`);
}

/** A command to copy from the terminal. */
function commandText(...words: readonly string[]): string {
  return escapeControls(`${SYNC} ${quoteWords(words)}`);
}

function warnNoChangelog(sessions: readonly SkippedSession[], home: string, messages: Messages): void {
  const counts = new Map<string, number>();
  for (const { reason, root } of sessions) {
    if (reason === "no-changelog" && root !== null) counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  for (const [root, count] of [...counts].slice(0, MAX_LISTED)) {
    const repository = singleLine(tildePath(root, home));
    const command = commandText("--project-root", root);
    messages.warn(
      `skipped ${plural(count, "session")} of \`${repository}\`, which has no changelog; create it with \`${command}\``,
    );
  }
  const more = counts.size - MAX_LISTED;
  if (more > 0)
    messages.warn(`${more} more repositories have no changelog; set \`CTX_CHANGELOG=1\` to create one in each`);
}

/** One line for each run that would be recorded. */
export function syncLines({ assignments }: PreparedSync): string[] {
  return assignments.flatMap(({ destination: { root }, runs }) => {
    return runs.map((run) => {
      const { label, promptLabel } = run.described;
      return dryRunLine({ ...run, described: { ...run.described, label: label || promptLabel || "" } }, root);
    });
  });
}

/** The planned runs as JSON. */
export function plannedOf({ assignments }: PreparedSync) {
  return assignments.flatMap(({ destination: { root }, runs }) => {
    return runs.map((run) => ({ ...plannedRun(run), log: run.described.log, repository: root }));
  });
}

/** The plan as JSON. */
export function summaryOf({ scan, evaluator, repositories, runs, beyondLimit, estimatedTokens }: PreparedSync) {
  const { considered, sessions, skippedRuns: skipped, damaged } = scan;
  const left = scan.skippedSessions.map(({ log: { path, head }, reason, root, candidates }) => {
    return { tool: head.tool, sessionId: head.sessionId, log: path, reason, repository: root, candidates };
  });
  const counts = { considered, sessions, runs, beyondLimit };
  return { ...counts, evaluator: evaluator.name, estimatedTokens, repositories, skipped, left, damaged };
}
