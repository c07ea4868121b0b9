import type { SessionEvent } from "../../events/event.ts";
import type { ByteRange } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import type { PromptCount } from "../log-reader.ts";
import type { SessionHead } from "../session-head.ts";
import { isForeign, ownBeginning } from "./copied-history.ts";
import { CodexParser } from "./parser.ts";
import { OPENING, parseRecord } from "./record.ts";
import { headOf, type Kind, kindOfHead, mayBePrompt } from "./record-kinds.ts";

/** The prompts of a whole log, without copied history. */
export async function readPromptCount(path: string, head: SessionHead): Promise<PromptCount> {
  const whole = head.forkedFrom === null ? await scanPrompts(path, head, {}) : null;
  if (whole !== null && !whole.isFork) return whole.count;
  return (await scanPrompts(path, head, { from: await ownBeginning(path, head) })).count;
}

/** The first prompt; null if the log turns out to be a fork. */
export async function readFirstPrompt(path: string, head: SessionHead, maxBytes: number): Promise<string | null> {
  const { count, isFork } = await scanPrompts(path, head, { to: maxBytes });
  return isFork ? null : count.first;
}

async function scanPrompts(
  path: string,
  head: SessionHead,
  range: ByteRange,
): Promise<{ count: PromptCount; isFork: boolean }> {
  const from = range.from ?? 0;
  const parser = new CodexParser(head.cwd);
  const count: PromptCount = { prompts: 0, first: null };
  let isFork = false;
  const add = (events: Iterable<SessionEvent>) => {
    for (const event of events) {
      if (event.kind !== "prompt") continue;
      count.prompts += 1;
      count.first ??= event.text;
    }
  };
  await scanRecords(path, range, {
    wants(text, offset) {
      const kind = kindOfHead(text);
      return mayBePrompt(text) || startsTurn(kind) || (offset > from && kind?.type === "session_meta");
    },
    opening: OPENING,
    record(bytes, offset) {
      const events = parser.record(bytes, offset);
      if (events === null) return false;
      // The oldest forks do not say in their heads that they are forks.
      isFork ||= offset > from && mayBeForeign(bytes, head);
      add(events);
      return true;
    },
  });
  add(parser.finish());
  return { count, isFork };
}

function mayBeForeign(bytes: Uint8Array, head: SessionHead): boolean {
  if (kindOfHead(headOf(bytes))?.type !== "session_meta") return false;
  const record = parseRecord(bytes);
  return record !== null && isForeign(record, head);
}

/** Several kinds of record repeat one prompt, up to the end of its turn. */
function startsTurn(kind: Kind | null): boolean {
  return kind?.type === "turn_context" || kind?.payload === "task_started" || kind?.payload === "turn_started";
}
