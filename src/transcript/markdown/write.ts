import { readEvents } from "../../sessions/read.ts";
import { resolveWindow } from "../../sessions/window.ts";
import type { TranscriptSource } from "../write.ts";
import { MarkdownTranscript } from "./document.ts";

/** The conversation of a log as Markdown, without the copied history of a fork. Memory does not grow with the log. */
export async function writeMarkdown({ log, ...options }: TranscriptSource): Promise<string> {
  const transcript = new MarkdownTranscript(options);
  const range = await resolveWindow(log, options.head, { start: null, end: null });
  await readEvents(log, range, (event) => transcript.push(event));
  return transcript.finish();
}
