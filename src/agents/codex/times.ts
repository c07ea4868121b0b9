// When records of a rollout were written.
import type { RecordClock } from "../range-times.ts";
import { parseRecord } from "./record.ts";
import { headOf, timestampOfHead } from "./record-kinds.ts";

/** Every record tells its time, but for the oldest ones. */
export const codexClock: RecordClock = {
  isTimed: () => true,
  timeOf: (bytes) => timestampOfHead(headOf(bytes)) ?? parseRecord(bytes)?.at ?? null,
};
