// When lines of a Claude Code log were written.
import type { RecordClock } from "../range-times.ts";
import { decodeLine, parseClaudeLine } from "./record.ts";
import { isTimed, timestampOfHead } from "./record-kinds.ts";

/** Most of a file is bookkeeping, of which the times are worth nothing unless they stand in front. */
export const claudeClock: RecordClock = {
  isTimed: (head) => isTimed(head) || timestampOfHead(head) !== null,
  timeOf: (bytes) => timestampOfHead(decodeLine(bytes.subarray(0, 256))) ?? parseClaudeLine(bytes)?.at ?? null,
};
