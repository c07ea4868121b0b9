// Whether the conversation continued during a period. Only the end of the log is read.

import { instantOf } from "../../events/timestamps.ts";
import { scanLastRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import { type ClaudeRecord, OPENING, parseRecord } from "./record.ts";

/**
 * Whether there was a prompt or a reply in the period. Opening, clearing and closing the terminal UI write records too,
 * which do not count.
 */
export async function hadMessages(
  path: string,
  { start, end }: { start: string; end: string | null },
): Promise<boolean> {
  const [from, to] = [Date.parse(start), instantOf(end) ?? Number.POSITIVE_INFINITY];
  let isUsed = false;
  let hasEarlier = false;
  const visitor = {
    opening: OPENING,
    record(bytes: Uint8Array) {
      const record = parseRecord(bytes);
      const at = instantOf(record?.at ?? null);
      if (record === null || at === null || !isMessage(record)) return record !== null;
      if (at < from) hasEarlier = true;
      else if (at <= to) isUsed = true;
      return true;
    },
  };
  await scanLastRecords(
    path,
    {},
    () => visitor,
    () => isUsed || hasEarlier,
  );
  return isUsed;
}

/** Among records of role `user`, only prompts have a source. */
function isMessage({ type, fields }: ClaudeRecord): boolean {
  return type === "assistant" || (type === "user" && textField(fields, "promptSource") !== null);
}
