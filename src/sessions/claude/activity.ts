// Whether anything was said in a stretch of time, from the end of a log alone.
import { parseJson } from "../../system/json.ts";
import { scanLastRecords } from "../../system/record-edges.ts";
import { asFields, type Fields, textField } from "../fields.ts";
import { instantOf } from "../instant.ts";

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
      const record = asFields(parseJson(new TextDecoder().decode(bytes))) ?? {};
      const at = instantOf(textField(record, "timestamp"));
      if (at === null || !isSaid(record)) return;
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
function isSaid(record: Fields): boolean {
  return record.type === "assistant" || (record.type === "user" && textField(record, "promptSource") !== null);
}
