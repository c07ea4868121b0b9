// An export before anything is written: the session found, its run selected and read. What is there to keep, and what
// it would be called, is known from here on.
import { type RunFacts, type RunSource, readRunFacts } from "../changelog/run-facts.ts";
import { type FoundSession, findSession } from "../runs/find-session.ts";
import { labelOfRun } from "../runs/label.ts";
import type { RunPlan } from "../runs/plan.ts";
import { isEmptyRun } from "../runs/reportable.ts";
import { selectRun } from "../runs/select.ts";
import { findSessionDirectory } from "../runs/session-directory.ts";
import { ExpectedError } from "../system/errors.ts";
import type { ExportOptions } from "./options.ts";

export interface PreparedExport extends FoundSession {
  /** The session directory that was named, or is the session's own; null when it has none yet. */
  directory: string | null;
  label: string;
  startedAt: Date;
  /** Whether nothing of the session was exported before. */
  isFirst: boolean;
  /** Null when the window holds nothing that was not exported before. */
  run: PreparedRun | null;
}

export interface PreparedRun {
  plan: RunPlan;
  /** Whether the session directory tells of it already. */
  isAlreadyExported: boolean;
  source: RunSource;
  facts: RunFacts;
  /** Nothing was asked and nothing was done: the tool was opened and closed. */
  isEmpty: boolean;
}

/** Throws an `ExpectedError` when no log fits, or more than one. */
export async function prepareExport(options: ExportOptions): Promise<PreparedExport> {
  const { tool, home, output, observed } = options;
  const session = await findSession(options);
  const { root, log, head } = session;
  const directory = output ?? findSessionDirectory(root, tool, head.sessionId);
  const { plan, label, isAlreadyExported, ...selected } = await selectRun(session, directory, options);
  if (plan === null) return { ...session, ...selected, directory, label, run: null };

  const window = { start: options.start, end: options.end };
  const source: RunSource = { log, head, range: plan, window, root, home, observed };
  const facts = await readRunFacts(source);
  const run = { plan, isAlreadyExported, source, facts, isEmpty: isEmptyRun(facts.evidence) };
  return { ...session, ...selected, directory, label: label || derivedLabel(facts, directory, options), run };
}

/** Throws an `ExpectedError` when there is nothing in the window, and never was. */
export function refuseEmptyWindow({ run, isFirst, head }: PreparedExport, { start, end }: ExportOptions): void {
  if (run !== null || !isFirst) return;
  const window = [start === null ? "" : ` after ${start}`, end === null ? "" : ` before ${end}`].join("");
  throw new ExpectedError(`session ${head.sessionId} has no records${window}`, {
    hint: "check `--start` and `--end`, or leave them out to export all of it",
  });
}

/** A session that has a directory was called something by it, if only by nothing. */
function derivedLabel(facts: RunFacts, directory: string | null, { derivesLabel }: ExportOptions): string {
  return derivesLabel === true && directory === null ? labelOfRun(facts) : "";
}
