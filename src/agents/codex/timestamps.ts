// When the records of a rollout were written.
import { scanRecords } from "../../system/records.ts";
import type { TimestampVisitor } from "../log-parser.ts";
import type { RecordClock } from "../record-times.ts";
import type { SessionHead } from "../session-head.ts";
import { isForeign } from "./copied-history.ts";
import { OPENING, parseRecord } from "./record.ts";
import { headOf, KIND_BYTES, timestampOfHead } from "./record-kinds.ts";

/** Every record has a time, except for the oldest ones. */
export const codexClock: RecordClock = {
  isTimed: () => true,
  timeOf: (bytes) => timestampOfHead(headOf(bytes)) ?? parseRecord(bytes)?.at ?? null,
};

/**
 * Visits the timestamp of every record after a position. `foreign`: the log contains copied history, so it is a fork.
 */
export async function visitTimestamps(
  path: string,
  head: SessionHead,
  from: number,
  visitor: TimestampVisitor,
): Promise<{ end: number; foreign: boolean }> {
  let foreign = false;
  let isTimed = true;
  const { end } = await scanRecords(
    path,
    { from },
    {
      headBytes: KIND_BYTES,
      wants(text, offset) {
        const at = timestampOfHead(text);
        isTimed = at !== null;
        if (at === null) return true;
        visitor.visit(at, offset);
        return offset > 0 && mayBeMeta(text);
      },
      opening: OPENING,
      record(bytes, offset) {
        const record = parseRecord(bytes);
        if (record === null) return false;
        if (!isTimed) visitor.visit(record.at, offset);
        foreign ||= offset > 0 && isForeign(record, head);
        return true;
      },
    },
  );
  return { end, foreign };
}

/** Whether a record may be a `session_meta`, judging by its first bytes, even if its type is not at the usual place. */
function mayBeMeta(head: string): boolean {
  return head.includes('"session_meta"') || !head.includes('"type":"');
}
