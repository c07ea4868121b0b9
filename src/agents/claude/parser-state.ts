// What a parser must know about earlier records to resume at a prompt where no call is open. Background commands may
// still be running: a notification reports their end later.
import { z } from "zod";
import { rewindState } from "./rewinds.ts";

const text = z.string().max(10_000).nullable();

const backgroundCommand = z.strictObject({
  task: z.string().max(1_000),
  id: z.string().max(1_000),
  /** A state with longer commands is not used: the session is parsed from its beginning. */
  command: z.string().max(100_000),
  cwd: text,
  startedAt: text,
  offset: z.int().nonnegative(),
});

export const claudeState = z.strictObject({
  tool: z.literal("claude"),
  cwd: text,
  model: text,
  /** The time of the last record. */
  at: text,
  turn: text,
  background: z.array(backgroundCommand).max(1_000),
  rewinds: rewindState,
});

export type ClaudeState = z.output<typeof claudeState>;
export type BackgroundCommand = z.output<typeof backgroundCommand>;
