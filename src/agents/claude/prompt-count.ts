import type { ByteRange } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import type { PromptCount } from "../log-reader.ts";
import { SeenIds } from "../seen-ids.ts";
import type { SessionHead } from "../session-head.ts";
import { copiedFrom } from "./copied-history.ts";
import { readPrompt } from "./prompts.ts";
import { isRepeated, OPENING, parseRecord } from "./record.ts";
import { mayBePrompt, mayBeReply } from "./record-kinds.ts";

/** The prompts of a log, without copied history. */
export async function readPromptCount(
  path: string,
  { sessionId }: SessionHead,
  range: ByteRange = {},
): Promise<PromptCount> {
  let count: PromptCount = { prompts: 0, first: null };
  const seen = new SeenIds();
  await scanRecords(path, range, {
    wants: (head) => mayBePrompt(head) || mayBeReply(head),
    opening: OPENING,
    record(bytes) {
      const record = parseRecord(bytes);
      if (record === null) return false;
      // Everything before a copied reply was copied too.
      if (copiedFrom(record, sessionId) !== null) count = { prompts: 0, first: null };
      const prompt = readPrompt(record);
      if (prompt === null || isRepeated(record, seen)) return true;
      count.prompts += 1;
      count.first ??= prompt.text;
      return true;
    },
  });
  return count;
}
