import { Redactor } from "../../secrets/redactor.ts";
import { readEvents } from "../../sessions/read.ts";
import { resolveWindow } from "../../sessions/window.ts";
import type { TranscriptSource } from "../write.ts";
import { MarkdownTranscript } from "./document.ts";

/** The conversation of a log as Markdown, without the copied history of a fork. Memory does not grow with the log. */
export async function writeMarkdown({ log, ...options }: TranscriptSource): Promise<string> {
  const range = await resolveWindow(log, options.head, { start: null, end: null });
  const secrets = new Redactor();
  const write = async () => {
    const transcript = new MarkdownTranscript(options, secrets);
    await readEvents(log, range, (event) => transcript.push(event));
    return transcript.finish();
  };
  const text = await write();
  // What was told to be a secret may stand bare before that.
  return secrets.size === 0 ? text : await write();
}
