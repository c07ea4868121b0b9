// When the records of a rollout were written, one after the other, and whether copied history is among them.
import { readChunks } from "../../system/chunks.ts";
import { scanRecords } from "../../system/records.ts";
import type { Meeting, SessionHead } from "../events.ts";
import { KIND_BYTES, timestampOfHead } from "./kinds.ts";
import { isForeignMeta } from "./replay.ts";
import { parseRecord } from "./schema.ts";

/**
 * Whether a log that does not say so may hold copied history: by how often a `session_meta` is found in it. Before
 * `after` none but the first is known to be.
 */
export async function mayHoldCopies(path: string, after: number): Promise<boolean> {
  return (await countMetas(path, after)) > (after === 0 ? 1 : 0);
}

/** How often a record after a position calls itself a `session_meta`: within a text its quotes would be escaped. */
async function countMetas(path: string, from: number): Promise<number> {
  const name = Buffer.from('"session_meta"');
  let count = 0;
  let rest = Buffer.alloc(0);
  for await (const chunk of readChunks(path, { from })) {
    // The name may lie across the edge of two chunks.
    const edge = Buffer.concat([rest, chunk.subarray(0, name.length - 1)]);
    if (edge.includes(name)) count++;
    for (let at = chunk.indexOf(name); at !== -1; at = chunk.indexOf(name, at + name.length)) count++;
    rest = Buffer.concat([rest, chunk.subarray(-(name.length - 1))]).subarray(-(name.length - 1));
  }
  return count;
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
  edges: Meeting,
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
        edges.meet(at, offset);
        return offset > 0 && mayBeMeta(text);
      },
      record(bytes, offset) {
        if (!isTimed) edges.meet(parseRecord(bytes)?.at ?? null, offset);
        foreign ||= offset > 0 && isForeignMeta(bytes, head);
      },
    },
  );
  return { end, foreign };
}
