// The transcript of a session on disk. It is made anew from the log whenever the session goes on; a page that is as it
// was is left alone.
import { dirname, join } from "node:path";
import type { SessionHead } from "../sessions/events.ts";
import { type LogRef, readEvents } from "../sessions/read.ts";
import { resolveWindow } from "../sessions/window.ts";
import { makeDirectory } from "../system/directory.ts";
import { refuseOutside } from "../system/paths.ts";
import { replaceIfChanged } from "../system/write-atomic.ts";
import type { RepositoryLinks } from "./repository-links.ts";
import type { SideFile } from "./side-files.ts";
import { Transcript } from "./transcript.ts";

export interface TranscriptSource {
  log: LogRef;
  head: SessionHead;
  label: string;
  actor: string | null;
  links: RepositoryLinks | null;
  /** Whether secrets are taken out of the pages and what lies beside them. */
  redacts: boolean;
}

/**
 * Writes the pages of a session into a directory and returns the path of the first one. The copied history of a fork
 * is no part of it. Memory does not grow with the log.
 */
export async function writeTranscript(
  directory: string,
  { log, head, label, actor, links, redacts }: TranscriptSource,
): Promise<string> {
  for (const folder of ["files", "search"]) refuseOutside(directory, join(directory, folder), `\`${folder}\``);
  const write = ({ name, content }: SideFile) => {
    if (name.includes("/")) makeDirectory(join(directory, dirname(name)), 0o700);
    replaceIfChanged(join(directory, name), content, 0o600);
  };
  const transcript = new Transcript({ head, label, actor, links, redacts }, write);
  const range = await resolveWindow(log, head, { start: null, end: null });
  await readEvents(log, range, (event) => transcript.push(event));
  transcript.finish();
  return join(directory, "index.html");
}
