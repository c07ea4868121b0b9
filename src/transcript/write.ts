// The transcript of a session on disk. When the session goes on, it is made anew from the last page that begins with a
// prompt; of the pages made anew, one that is as it was is left alone.
import { join } from "node:path";
import type { ResumePoint } from "../agents/log-parser.ts";
import type { SessionHead } from "../agents/session-head.ts";
import type { SessionEvent } from "../events/event.ts";
import { Redactor } from "../secrets/redactor.ts";
import { type LogRef, readEvents } from "../sessions/read.ts";
import { resolveOwn } from "../sessions/window.ts";
import { withLock } from "../system/lock.ts";
import { checkpointPath, dropCheckpoint, type KeptCheckpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import { type Checkpoint, Transcript, type TranscriptOptions } from "./transcript.ts";
import { TranscriptFolder } from "./transcript-folder.ts";
import type { PageBounds } from "./turn-pages.ts";

export interface TranscriptSource {
  log: LogRef;
  head: SessionHead;
  label: string;
  actor: string | null;
  links: RepositoryLinks | null;
  /** Whether secrets are taken out of the pages and what lies beside them. */
  redacts: boolean;
  /** What is known of its secrets already; the pages hold none of them. */
  secrets?: Redactor;
  bounds?: PageBounds;
}

/**
 * Writes the pages of a session into a directory and returns the path of the first one. The copied history of a fork
 * is no part of it. Memory does not grow with the log. Of two that write at once, one waits: it then has little to do.
 */
export async function writeTranscript(directory: string, { log, ...options }: TranscriptSource): Promise<string> {
  await withLock(checkpointPath(directory), () => writePages(directory, log, options));
  return join(directory, "index.html");
}

/**
 * A secret is known from where it was told to be one, and may stand bare before that: where one is met that was not
 * known, the pages are made a second time, with all of them known, and the first ones never get their place. They are
 * kept nowhere, so that such a session is always made from its first page on.
 */
async function writePages(
  directory: string,
  log: LogRef,
  { secrets = new Redactor(), ...options }: Omit<TranscriptSource, "log">,
): Promise<void> {
  const folder = new TranscriptFolder(directory);
  const { kept, from } = await whereToBegin(directory, folder, log, options);
  const writing = { directory, log, options, secrets };
  const known = secrets.size;
  const last = await writeFrom({ kept: known > 0 ? null : kept, from }, folder, writing, () => secrets.size === known);
  if (last === null) await writeFrom({ kept: null, from }, new TranscriptFolder(directory), writing, () => true);
  else if (last.checkpoint !== null && secrets.size === 0) {
    // Last, so that it never tells of pages that are not there.
    await writeCheckpoint(directory, log.path, options, { ...last.checkpoint, from });
  }
}

interface Writing {
  directory: string;
  log: LogRef;
  options: TranscriptOptions;
  secrets: Redactor;
}

/** Null where, once all of it was read, the pages are not to stay. */
async function writeFrom(
  { kept, from }: Beginning,
  folder: TranscriptFolder,
  { directory, log, options, secrets }: Writing,
  isToStay: () => boolean,
): Promise<{ checkpoint: Checkpoint | null } | null> {
  const transcript = new Transcript(options, (file) => folder.write(file), kept?.state, secrets);
  const range = { from: kept?.point.offset ?? from, to: Number.POSITIVE_INFINITY };
  const push = (event: SessionEvent, point: ResumePoint | null) => transcript.push(event, point);
  try {
    await readEvents(log, range, push, kept?.point.state, () => folder.settle());
    transcript.finish();
    if (!isToStay()) return null;
    if (kept === null) dropCheckpoint(directory);
    await folder.commit();
  } finally {
    await folder.discard();
  }
  folder.sweep(transcript.count, kept?.state.ordinal ?? -1);
  return { checkpoint: transcript.checkpoint };
}

interface Beginning {
  kept: KeptCheckpoint | null;
  /** Where the session's own work begins. */
  from: number;
}

/** The last checkpoint, if all before it is as it was; and where the session's own work begins. */
async function whereToBegin(
  directory: string,
  folder: TranscriptFolder,
  log: LogRef,
  options: TranscriptOptions,
): Promise<Beginning> {
  const kept = await readCheckpoint(directory, log.path, options);
  if (kept !== null) {
    const { page, timeline } = kept.state;
    const from = await resolveOwn(log, options.head, kept.point.offset);
    if (from === kept.from && folder.hasPages({ pages: page - 1, timeline: timeline.page - 1 })) return { kept, from };
  }
  return { kept: null, from: await resolveOwn(log, options.head) };
}
