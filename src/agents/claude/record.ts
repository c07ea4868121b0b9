// A record of a session file: a JSON object with a `type`. Records of the conversation have a time and a directory; the
// bookkeeping between them often has neither.

import { utcOf } from "../../events/timestamps.ts";
import { parseJson } from "../../system/json.ts";
import { asFields, type Fields, textField } from "../fields.ts";
import type { SeenIds } from "../seen-ids.ts";

export interface ClaudeRecord {
  type: string;
  /** ISO 8601 UTC; null where the record has no time. */
  at: string | null;
  fields: Fields;
}

/** What every record of the conversation begins with. */
export const OPENING = '{"parentUuid":';

const decoder = new TextDecoder();

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Parses one record; null when it is not a JSON object with a type. */
export function parseRecord(bytes: Uint8Array): ClaudeRecord | null {
  const fields = asFields(parseJson(decodeText(bytes)));
  const type = fields === null ? null : textField(fields, "type");
  return fields === null || type === null ? null : { type, at: utcOf(textField(fields, "timestamp")), fields };
}

/** Whether a record with the same id was seen before. */
export function isRepeated({ fields }: ClaudeRecord, seen: SeenIds): boolean {
  const id = textField(fields, "uuid");
  return id !== null && !seen.isNew(id);
}
