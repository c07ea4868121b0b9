// When the lines of a session file were written, one after the other, and whether copied history is among them.
import { scanRecords } from "../../system/records.ts";
import type { TimestampVisitor } from "../log-parser.ts";
import type { SessionHead } from "../session-head.ts";
import { copiedFrom } from "./head.ts";
import { parseClaudeLine } from "./record.ts";
import { isTimed, timestampOfHead } from "./record-kinds.ts";

/** Shows every line after a position to the edges. `foreign` tells of copied history: the log is a fork. */
export async function follow(
  path: string,
  { sessionId }: SessionHead,
  from: number,
  edges: TimestampVisitor,
): Promise<{ end: number; foreign: boolean }> {
  let foreign = false;
  const { end } = await scanRecords(
    path,
    { from },
    {
      wants(head, offset) {
        if (isTimed(head)) return true;
        edges.visit(timestampOfHead(head), offset);
        return false;
      },
      record(bytes, offset) {
        const line = parseClaudeLine(bytes);
        edges.visit(line?.at ?? null, offset);
        foreign ||= line !== null && copiedFrom(line, sessionId) !== null;
      },
    },
  );
  return { end, foreign };
}
