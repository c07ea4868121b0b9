// What a parser must know about earlier records to resume at a point where no call is open.
import { z } from "zod";

/** A state with more ids is not used: the session is parsed from its beginning. */
const ids = z.array(z.string().max(1_000)).max(50_000);
const text = z.string().max(10_000).nullable();

export const codexState = z.strictObject({
  tool: z.literal("codex"),
  turn: text,
  /** Whether items report what happens in this turn: known per turn, because another version may resume the log. */
  items: z.boolean(),
  cwd: text,
  model: text,
  /** The time of the last record. */
  at: text,
  /** The turn that was stopped last. */
  stopped: text,
  isReview: z.boolean(),
  /** Kinds of messages that the log writes as events or items, and not only as messages to the model. */
  confirmed: z.array(z.enum(["prompt", "reply", "thinking"])).max(3),
  /** Ids of completed calls, of this turn and the one before. */
  settled: z.strictObject({ turn: ids, before: ids }),
});

export type CodexState = z.output<typeof codexState>;
