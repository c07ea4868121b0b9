// Whether a run holds anything to keep, before anything is made for it; and what to call it when nobody did.
import { redact } from "../secrets/redact.ts";
import { type LogRef, readEvents, readHead, readPrompts } from "../sessions/read.ts";
import { resolveWindow, type Window } from "../sessions/window.ts";

const LABEL_WORDS = 6;
const LABEL_LENGTH = 48;

export interface Survey {
  sessionId: string;
  /** Nothing was asked and nothing was done: the tool was opened and closed. */
  idle: boolean;
  /** The first prompt; null when only the last one was looked for, or there is none. */
  firstPrompt: string | null;
}

/** Looks into a run: at all of it when its first prompt is wanted, else only until there is something. */
export async function surveyRun(log: LogRef, window: Window, wantsPrompt: boolean): Promise<Survey> {
  const head = await readHead(log);
  const { sessionId } = head;
  const range = await resolveWindow(log, head, window);
  if (range.from >= range.to) return { sessionId, idle: true, firstPrompt: null };
  const prompted = (await readPrompts(log, range, 1)).length > 0;
  if (prompted && !wantsPrompt) return { sessionId, idle: false, firstPrompt: null };

  let idle = true;
  let firstPrompt: string | null = null;
  await readEvents(log, range, (event) => {
    if (event.kind === "prompt") firstPrompt ??= event.text;
    if (["prompt", "reply", "command", "edit"].includes(event.kind)) idle = false;
  });
  return { sessionId, idle, firstPrompt };
}

/** A few words of a prompt, as a label; null when it holds none. Secrets are taken out first. */
export function labelOf(prompt: string): string | null {
  const words = redact(prompt).text.split(/\s+/).filter(Boolean).slice(0, LABEL_WORDS);
  let label = "";
  for (const word of words) {
    if (label.length + word.length > LABEL_LENGTH) break;
    label = label === "" ? word : `${label} ${word}`;
  }
  return label === "" ? null : label;
}
