// When the records of a rollout were written, one after the other, and whether copied history is among them.
import { countText } from "../../system/count-text.ts";
import { scanRecords } from "../../system/records.ts";
import type { TimestampVisitor } from "../log-parser.ts";
import type { SessionHead } from "../session-head.ts";
import { isForeignMeta } from "./copied-history.ts";
import { parseRecord } from "./record.ts";
import { KIND_BYTES, timestampOfHead } from "./record-kinds.ts";

/**
 * Whether a log that does not say so may hold copied history: by how often a `session_meta` is found in it. Before
 * `after` none but the first is known to be.
 */
export async function mayHoldCopies(path: string, after: number): Promise<boolean> {
  const own = after === 0 ? 1 : 0;
  // Within a text its quotes would be escaped.
  return (await countText(path, '"session_meta"', { from: after }, own + 1)) > own;
}

/** Whether a record may be a `session_meta`, from its first bytes; also when its type is not where it always is. */
function mayBeMeta(head: string): boolean {
  return head.includes('"session_meta"') || !head.includes('"type":"');
}

/** Shows every record after a position to the edges. `foreign` tells of copied history: the log is a fork. */
export async function follow(
  path: string,
  head: SessionHead,
  from: number,
  edges: TimestampVisitor,
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
        // Where the head does not tell, the whole record does.
        if (at === null) return true;
        edges.visit(at, offset);
        return offset > 0 && mayBeMeta(text);
      },
      record(bytes, offset) {
        if (!isTimed) edges.visit(parseRecord(bytes)?.at ?? null, offset);
        foreign ||= offset > 0 && isForeignMeta(bytes, head);
      },
    },
  );
  return { end, foreign };
}
