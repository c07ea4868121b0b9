// What the timeline tells of a conversation: bounded, whatever it was. Beyond the bounds only the numbers grow.
import { z } from "zod";
import { detachStrings } from "../system/memory.ts";

/** How many names a row of the timeline has room for. */
export const MAX_NAMES = 6;
export const MAX_FAILED = 2;
/** Characters of a prompt, and of any other text: the whole stands on the page that the row leads to. */
export const MAX_PROMPT = 600;
const MAX_TEXT = 160;

const text = z.string().max(MAX_PROMPT + 1);
const count = z.int().nonnegative();

export const turnFacts = z.strictObject({
  /** Which prompt of the session it was, from 1; 0 for what came before the first. */
  ordinal: count,
  /** The beginning of the prompt; null before the first. */
  prompt: text.nullable(),
  startedAt: text.nullable(),
  endedAt: text.nullable(),
  commands: count,
  /** Files that edits and commands changed, from the session's folder. */
  files: z.strictObject({ names: z.array(text).max(MAX_NAMES), count }),
  tests: z.strictObject({
    runs: z.array(z.strictObject({ cmd: text, result: z.enum(["pass", "fail", "unknown"]) })).max(MAX_NAMES),
    count,
  }),
  commits: z.strictObject({ made: z.array(z.strictObject({ hash: text, message: text })).max(MAX_NAMES), count }),
  failed: z.strictObject({ commands: z.array(text).max(MAX_FAILED), count }),
});

export type TurnFacts = z.output<typeof turnFacts>;

/** A text, or its beginning, as a copy that may be kept: rows are held for as long as their page is not full. */
export function clip(text: string, length = MAX_TEXT): string {
  const shown = text.length <= length ? text : `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "")}…`;
  return detachStrings(shown);
}
