// Renders a given log as pages or Markdown, without recording an entry or an export.
import { dirname } from "node:path";
import type { SessionHead } from "../agents/session-head.ts";
import { lastLabel, readRecordsOfSession } from "../runs/export-records.ts";
import { findLog } from "../sessions/log-file.ts";
import type { LogRef } from "../sessions/read.ts";
import { makeDirectory } from "../system/directory.ts";
import { refuseForeignPages } from "../transcript/generated-page.ts";
import { writeMarkdown } from "../transcript/markdown/document.ts";
import { linksOfFirst } from "../transcript/repository-links.ts";
import { writeTranscript } from "../transcript/write.ts";

export interface RenderOptions {
  /** The log, or a directory that contains one log. */
  path: string;
  /** If null, the label of the session directory that contains the log, if any. */
  label: string | null;
  /** The URL of the repository; null for the one in the log. */
  repository: string | null;
  redacts: boolean;
}

export interface RenderedLog {
  log: LogRef;
  sessionId: string;
  label: string;
}

/** Writes the pages of a log into a directory, which is created if it is missing. */
export async function renderPages(
  options: RenderOptions,
  directory: string,
): Promise<RenderedLog & { indexHtml: string }> {
  const { log, head, label } = await openLog(options);
  refuseForeignPages(directory);
  makeDirectory(directory, 0o700);
  const indexHtml = await writeTranscript(directory, {
    log,
    head,
    label,
    actor: null,
    ...renderOptions(options, head),
  });
  return { indexHtml, log: { tool: log.tool, path: log.path }, sessionId: head.sessionId, label };
}

/** The conversation of a log as Markdown. */
export async function renderMarkdown(options: RenderOptions): Promise<RenderedLog & { markdown: string }> {
  const { log, head, label } = await openLog(options);
  const markdown = await writeMarkdown({ log, head, label, actor: null, ...renderOptions(options, head) });
  return { log: { tool: log.tool, path: log.path }, sessionId: head.sessionId, label, markdown };
}

async function openLog({ path, label }: RenderOptions): Promise<{ log: LogRef; head: SessionHead; label: string }> {
  const log = await findLog(path);
  return { log, head: log.head, label: label ?? labelOf(log, log.head) };
}

function labelOf({ path }: LogRef, { sessionId }: SessionHead): string {
  return lastLabel(readRecordsOfSession(dirname(path), sessionId))?.trim() ?? "";
}

function renderOptions({ repository, redacts }: RenderOptions, head: SessionHead) {
  return { links: linksOfFirst([repository, head.git.repositoryUrl]), redacts };
}
