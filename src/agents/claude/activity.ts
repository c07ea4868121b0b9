// Whether anything was said in a stretch of time, from the end of a log alone.

import { instantOf } from "../../events/timestamps.ts";
import { scanLastRecords } from "../../system/records.ts";
import { textField } from "../fields.ts";
import { type ClaudeLine, parseClaudeLine } from "./record.ts";

/**
 * Whether a person asked or the model answered in that time. Opening, clearing and closing the screen leave records of
 * their own, which are neither.
 */
export async function wasUsed(path: string, { start, end }: { start: string; end: string | null }): Promise<boolean> {
  const [from, to] = [Date.parse(start), instantOf(end) ?? Number.POSITIVE_INFINITY];
  let used = false;
  let reachedBack = false;
  const visitor = {
    record(bytes: Uint8Array) {
      const line = parseClaudeLine(bytes);
      const at = instantOf(line?.at ?? null);
      if (line === null || at === null || !isSaid(line)) return;
      if (at < from) reachedBack = true;
      else if (at <= to) used = true;
    },
  };
  await scanLastRecords(
    path,
    {},
    () => visitor,
    () => used || reachedBack,
  );
  return used;
}

/** Of what is called a user's, only prompts tell where they came from. */
function isSaid({ type, fields }: ClaudeLine): boolean {
  return type === "assistant" || (type === "user" && textField(fields, "promptSource") !== null);
}
