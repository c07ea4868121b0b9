// When the records of a session file were written.
import { scanRecords } from "../../system/records.ts";
import type { TimestampVisitor } from "../log-parser.ts";
import type { RecordClock } from "../record-times.ts";
import type { SessionHead } from "../session-head.ts";
import { copiedFrom } from "./copied-history.ts";
import { decodeText, OPENING, parseRecord } from "./record.ts";
import { isTimed, timestampOfHead } from "./record-kinds.ts";

/** Most records are bookkeeping: their times are only read where they are among the first bytes. */
export const claudeClock: RecordClock = {
  isTimed: (head) => isTimed(head) || timestampOfHead(head) !== null,
  timeOf: (bytes) => timestampOfHead(decodeText(bytes.subarray(0, 256))) ?? parseRecord(bytes)?.at ?? null,
};

/**
 * Visits the timestamp of every record after a position. `foreign`: the log contains copied history, so it is a fork.
 */
export async function visitTimestamps(
  path: string,
  { sessionId }: SessionHead,
  from: number,
  visitor: TimestampVisitor,
): Promise<{ end: number; foreign: boolean }> {
  let foreign = false;
  const { end } = await scanRecords(
    path,
    { from },
    {
      wants(head, offset) {
        if (isTimed(head)) return true;
        visitor.visit(timestampOfHead(head), offset);
        return false;
      },
      opening: OPENING,
      record(bytes, offset) {
        const record = parseRecord(bytes);
        visitor.visit(record?.at ?? null, offset);
        foreign ||= record !== null && copiedFrom(record, sessionId) !== null;
        return record !== null;
      },
    },
  );
  return { end, foreign };
}
