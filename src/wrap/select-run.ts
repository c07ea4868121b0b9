// Which stretch of which log an export is about, and the session directory it belongs to.
import { basename } from "node:path";
import { redact } from "../secrets/redact.ts";
import type { SessionHead } from "../sessions/events.ts";
import type { LogRef } from "../sessions/read.ts";
import { type ResolvedWindow, resolveWindow } from "../sessions/window.ts";
import type { ZoneSetting } from "../system/clock.ts";
import { ExpectedError } from "../system/errors.ts";
import type { ExportOptions } from "./export-options.ts";
import { readKnownRuns } from "./known-runs.ts";
import { planRun, type RunPlan } from "./plan-run.ts";
import { chooseSessionDirectory, openGivenDirectory, sanitizeLabel } from "./session-directory.ts";

export interface SelectedRun {
  directory: string;
  label: string;
  /** Null when everything in the window was exported before, as several runs. */
  plan: RunPlan | null;
}

/** Resolves the window once, finds the session's directory, and holds both against the runs exported before. */
export async function selectRun(
  log: LogRef,
  head: SessionHead,
  root: string,
  zone: ZoneSetting | null,
  options: ExportOptions,
): Promise<SelectedRun> {
  const asked = { start: options.start, end: options.end };
  const window = await resolveWindow(log, head, asked);
  if (window.from >= window.to) throw nothingInWindow(head, asked);

  // A label names a directory, and the directory stands in the entry.
  const given = options.label === null ? null : redact(options.label).text;
  const directory = sessionDirectory(window, head, root, zone, { ...options, label: given });
  const known = await readKnownRuns(directory, head.sessionId, log.path);
  const label = given ?? known.label ?? labelOf(directory);
  if (known.rewrittenSince === null) return { directory, label, plan: planRun(window, known.runs) };

  options.onNotice(`\`${log.path}\` was rewritten since the last export: taking what is later than that run's end`);
  const rest = await resolveWindow(log, head, { ...asked, start: after(known.rewrittenSince, asked.start) });
  return { directory, label, plan: planRun(rest, []) };
}

function sessionDirectory(
  window: ResolvedWindow,
  head: SessionHead,
  root: string,
  zone: ZoneSetting | null,
  { output, start, label, tool, now }: ExportOptions,
): string {
  if (output !== null) return openGivenDirectory(output, root, tool);
  const began = start ?? window.firstAt ?? head.startedAt;
  const startedAt = began === null ? now() : new Date(began);
  return chooseSessionDirectory({ root, tool, sessionId: head.sessionId, label: label ?? "", startedAt, zone }).path;
}

/** The label in the name of a directory: empty when the directory was named without one. */
function labelOf(directory: string): string {
  const name = basename(directory).replace(/^\d{4}-\d{2}-\d{2}-\d{4}_/, "");
  return name.replace(/_\d+$/, "") === sanitizeLabel("") ? "" : name;
}

/** The later of a start and the moment after a time. */
function after(time: string, start: string | null): string {
  const next = Date.parse(time) + 1;
  return new Date(start === null ? next : Math.max(next, Date.parse(start))).toISOString();
}

function nothingInWindow(head: SessionHead, { start, end }: { start: string | null; end: string | null }): Error {
  const window = [start === null ? "" : ` after ${start}`, end === null ? "" : ` before ${end}`].join("");
  return new ExpectedError(`session ${head.sessionId} has no records${window}`, {
    hint: "check `--start` and `--end`, or leave them out to export all of it",
  });
}
