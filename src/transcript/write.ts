// Writes the transcript of a session to disk. When the session has continued, pages are generated again only from the
// last page that starts with a prompt, and a page whose content is the same is not written.
import { join } from "node:path";
import type { ResumePoint } from "../agents/log-parser.ts";
import type { SessionEvent } from "../events/event.ts";
import { Redactor } from "../secrets/redactor.ts";
import { type LogRef, readEvents } from "../sessions/read.ts";
import { resolveOwn } from "../sessions/window.ts";
import { debug } from "../system/debug.ts";
import { withLock } from "../system/lock.ts";
import {
  checkpointPath,
  readCheckpoint,
  removeCheckpoint,
  type StoredCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import { plural } from "./html/format.ts";
import { type Checkpoint, Transcript, type TranscriptOptions } from "./transcript.ts";
import { TranscriptFolder } from "./transcript-folder.ts";

export interface TranscriptSource extends TranscriptOptions {
  log: LogRef;
  /** Knows some of the session's secrets in advance, to redact those as well. */
  secrets?: Redactor;
}

/**
 * Writes the pages of a session into a directory and returns the path of the first one. The copied history of a forked
 * session is omitted. Memory does not grow with the log. If another process is writing the same transcript, waits for
 * it; little is left to do then.
 */
export async function writeTranscript(directory: string, source: TranscriptSource): Promise<string> {
  await withLock(checkpointPath(directory), () => writePages(directory, source));
  return join(directory, "index.html");
}

/**
 * A secret is recognized where its context gives it away, and may have been printed without that context before. If the
 * first pass finds a secret, its pages are discarded and a second pass redacts the secret everywhere. Secrets are never
 * stored, so such a session has no checkpoint and always starts from its first page.
 */
async function writePages(
  directory: string,
  { log, secrets = new Redactor(), ...options }: TranscriptSource,
): Promise<void> {
  const folder = new TranscriptFolder(directory);
  const start = await findStart(directory, folder, log, options);
  const { from } = start;
  const output = { directory, log, options, secrets };
  const known = secrets.size;
  const foundNone = () => secrets.size === known;
  const written = await writeFrom(known > 0 ? { stored: null, from } : start, folder, output, foundNone);
  if (written === null) await writeFrom({ stored: null, from }, new TranscriptFolder(directory), output, () => true);
  else if (written.checkpoint !== null && secrets.size === 0) {
    // Written last, so that it never describes pages that are missing.
    await writeCheckpoint(directory, log.path, options, { ...written.checkpoint, from });
  }
}

interface OutputContext {
  directory: string;
  log: LogRef;
  options: TranscriptOptions;
  secrets: Redactor;
}

/** Writes the pages if `isValid` holds after the whole log was read; otherwise discards them and returns null. */
async function writeFrom(
  { stored, from }: Start,
  folder: TranscriptFolder,
  { directory, log, options, secrets }: OutputContext,
  isValid: () => boolean,
): Promise<{ checkpoint: Checkpoint | null } | null> {
  const transcript = new Transcript(options, (file) => folder.write(file), stored?.state, secrets);
  const range = { from: stored?.point.offset ?? from, to: Number.POSITIVE_INFINITY };
  const push = (event: SessionEvent, point: ResumePoint | null) => transcript.push(event, point);
  try {
    await readEvents(log, range, push, stored?.point.state, () => folder.settle());
    transcript.finish();
    if (!isValid()) return null;
    if (stored === null) removeCheckpoint(directory);
    await folder.commit();
  } finally {
    await folder.discard();
  }
  const { pages, timeline } = transcript.count;
  debug(
    "pages",
    () =>
      `${directory}: ${plural(pages, "page")} and ${plural(timeline, "timeline page")}, rendered from page ${stored?.state.page ?? 1} on`,
  );
  folder.sweep(transcript.count, stored?.state.ordinal ?? -1);
  return { checkpoint: transcript.checkpoint };
}

interface Start {
  /** The checkpoint to continue from; null to start over. */
  stored: StoredCheckpoint | null;
  /** Where the session's own records start. */
  from: number;
}

async function findStart(
  directory: string,
  folder: TranscriptFolder,
  log: LogRef,
  options: TranscriptOptions,
): Promise<Start> {
  const stored = await readCheckpoint(directory, log.path, options);
  if (stored !== null) {
    const { page, timeline } = stored.state;
    const from = await resolveOwn(log, options.head, stored.point.offset);
    if (from === stored.from && folder.hasPages({ pages: page - 1, timeline: timeline.page - 1 }))
      return { stored, from };
  }
  return { stored: null, from: await resolveOwn(log, options.head) };
}
