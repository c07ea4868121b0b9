// What a parser must know of the records before the one it goes on with, where nothing is open any more.
import { z } from "zod";

/** More ids are no reason to keep them: a session of such turns is read anew. */
const ids = z.array(z.string().max(1_000)).max(50_000);
const text = z.string().max(10_000).nullable();

export const codexState = z.strictObject({
  tool: z.literal("codex"),
  turn: text,
  items: z.boolean(),
  cwd: text,
  model: text,
  at: text,
  stopped: text,
  isReview: z.boolean(),
  /** Kinds of events that the log tells of by more than the messages to the model. */
  confirmed: z.array(z.enum(["prompt", "reply", "thinking"])).max(3),
  settled: z.strictObject({ turn: ids, before: ids }),
});

export type CodexState = z.output<typeof codexState>;
