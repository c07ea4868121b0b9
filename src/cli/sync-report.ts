// What a sync found in the logs and is about to do, for the person who asked for it.

import type { SkippedSession, SkipReason } from "../catch-up/sync/scan-result.ts";
import type { PreparedSync } from "../catch-up/sync/sync.ts";
import { tildePath } from "../system/paths.ts";
import { quoteWords } from "../system/shell-quote.ts";
import { dryRunLine, plannedRun } from "./backfill-report.ts";
import type { Io } from "./command.ts";
import { candidateLine } from "./repository-picker.ts";
import { onOneLine, plural } from "./session-lines.ts";
import { visible } from "./visible.ts";
import { type About, costOf, type Reason, reasonsOf } from "./work-report.ts";

type Messages = Io["messages"];

const COMMAND = ["ctx", "changelog", "sync"];
/** Of more repositories only how many there are is told. */
const MOST_TOLD = 20;

/** What was found, where it will be recorded and what that will cost, before anything is sent or written. */
export function tellLook(prepared: PreparedSync, home: string, messages: Messages): void {
  const { scan: look, runs, assignments, beyondLimit, evaluator, estimatedTokens, repositories } = prepared;
  for (const { path, problem } of look.damaged) messages.warn(`skipped \`${path}\`: ${problem}`);
  for (const session of look.skippedSessions.filter(({ reason }) => reason === "several"))
    tellSeveral(session, home, messages);
  tellUnwanted(look.skippedSessions, home, messages);
  const pending = look.skippedSessions.filter(({ reason }) => reason === "pending").length;
  if (pending > 0) messages.warn(`${plural(pending, "session")} of unfinished runs left to \`ctx recover\``);
  const found = `${plural(look.sessions, "session")} in ${plural(look.considered, "log")}`;
  if (runs === 0) {
    messages.info(`${found}: nothing to do`);
    return;
  }
  const beyond = beyondLimit === 0 ? "" : `, ${beyondLimit} more are left for another time`;
  const toRecord = `${plural(runs, "run")} of ${plural(assignments.length, "session")} to record`;
  messages.info(`${found}: ${toRecord}${beyond}; ${costOf(evaluator.name, estimatedTokens)}`);
  const told = repositories.filter(({ begins }, index) => begins || index < MOST_TOLD);
  for (const { root, actor, begins, runs: count } of told) {
    const begun = begins ? ", which begins its changelog" : "";
    messages.info(`  \`${onOneLine(tildePath(root, home))}\`: ${plural(count, "run")} for ${actor}${begun}`);
  }
  if (told.length < repositories.length) messages.info(`  and ${repositories.length - told.length} more repositories`);
}

/** What is left as it is, where nothing is to be done. */
export function tellLeft(prepared: PreparedSync, messages: Messages): void {
  const reasons = aboutSync(prepared).reasons.filter(([count]) => count > 0);
  if (reasons.length > 0) messages.info(`left: ${reasons.map(([count, reason]) => `${count} ${reason}`).join("; ")}`);
}

/** What is told at its end. */
export function aboutSync({ scan: { skippedRuns: skipped, damaged, skippedSessions: left } }: PreparedSync): About {
  const counts = new Map<SkipReason, number>();
  for (const { reason } of left) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]): Reason => [count, WORDS[reason]]);
  return { reasons: [...reasonsOf(skipped, damaged.length), ...reasons], again: "`ctx changelog sync`" };
}

const WORDS: Record<SkipReason, string> = {
  running: "still running",
  pending: "for `ctx recover`",
  several: "with several repositories that fit",
  "no-repository": "without a repository",
  "no-changelog": "without a changelog to go to",
  "changelog-off": "with the changelog turned off",
  elsewhere: "of other repositories",
};

function tellSeveral({ log, promptLabel: asked, candidates }: SkippedSession, home: string, messages: Messages): void {
  const name = asked === null ? "" : ` (${onOneLine(asked)})`;
  const roots = candidates.map((candidate) => `\n  ${candidateLine(candidate, home)}`).join("");
  const [first] = candidates;
  const choice = shown([...COMMAND, "--source-jsonl", log.path, "--project-root", first?.root ?? "DIR"]);
  const session = onOneLine(log.head.sessionId);
  messages.warn(`session ${session}${name} fits several repositories:${roots}\n  choose with \`${choice}\``);
}

/** A command to be copied from the terminal. */
function shown(words: readonly string[]): string {
  return visible(quoteWords(words));
}

/** Repositories that sessions belong to, and that nobody asked to keep a changelog. */
function tellUnwanted(left: readonly SkippedSession[], home: string, messages: Messages): void {
  const counts = new Map<string, number>();
  for (const { reason, root } of left) {
    if (reason === "no-changelog" && root !== null) counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  for (const [root, count] of [...counts].slice(0, MOST_TOLD)) {
    const begin = shown([...COMMAND, "--project-root", root]);
    const place = onOneLine(tildePath(root, home));
    messages.warn(
      `${plural(count, "session")} of \`${place}\` left out: it keeps no changelog; \`${begin}\` begins one`,
    );
  }
  const more = counts.size - MOST_TOLD;
  if (more > 0) messages.warn(`${more} more repositories keep no changelog; \`CTX_CHANGELOG=1\` has one begun in each`);
}

/** One line for each run that would be recorded. */
export function syncLines({ assignments }: PreparedSync): string[] {
  return assignments.flatMap(({ destination: { root }, runs }) => {
    return runs.map((run) => {
      const { label, promptLabel: asked } = run.described;
      return dryRunLine({ ...run, described: { ...run.described, label: label || asked || "" } }, root);
    });
  });
}

/** The same for machines. */
export function plannedOf({ assignments }: PreparedSync) {
  return assignments.flatMap(({ destination: { root }, runs }) => {
    return runs.map((run) => ({ ...plannedRun(run), log: run.described.log, repository: root }));
  });
}

/** What is known before it begins, for machines. */
export function summaryOf({ scan: look, evaluator, repositories, runs, beyondLimit, estimatedTokens }: PreparedSync) {
  const { considered, sessions, skippedRuns: skipped, damaged } = look;
  const left = look.skippedSessions.map(({ log: { path, head }, reason, root, candidates }) => {
    return { tool: head.tool, sessionId: head.sessionId, log: path, reason, repository: root, candidates };
  });
  const counts = { considered, sessions, runs, beyondLimit };
  return { ...counts, evaluator: evaluator.name, estimatedTokens, repositories, skipped, left, damaged };
}
