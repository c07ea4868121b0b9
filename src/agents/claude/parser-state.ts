// What a parser must know of the records before a prompt, where no answer is open any more. Commands in the background
// may be: their end is told later, by a notification.
import { z } from "zod";
import { rewindState } from "./rewinds.ts";

const text = z.string().max(10_000).nullable();

export const backgroundCommand = z.strictObject({
  task: z.string().max(1_000),
  id: z.string().max(1_000),
  /** A session with longer ones is read anew. */
  command: z.string().max(100_000),
  cwd: text,
  startedAt: text,
  offset: z.int().nonnegative(),
});

export const claudeState = z.strictObject({
  tool: z.literal("claude"),
  cwd: text,
  model: text,
  at: text,
  turn: text,
  background: z.array(backgroundCommand).max(1_000),
  rewinds: rewindState,
});

export type ClaudeState = z.output<typeof claudeState>;
export type BackgroundCommand = z.output<typeof backgroundCommand>;
