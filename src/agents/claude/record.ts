// A line of a session file: a JSON object with a `type`. Lines of the conversation have a time and a folder, the
// bookkeeping between them often has neither.

import { utcOf } from "../../events/timestamps.ts";
import { parseJson } from "../../system/json.ts";
import { asFields, type Fields, textField } from "../fields.ts";

export interface ClaudeLine {
  type: string;
  /** ISO 8601 UTC; null where the line has no time. */
  at: string | null;
  fields: Fields;
}

const decoder = new TextDecoder();

export function decodeLine(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Parses one line; null when it is no JSON object with a type. */
export function parseClaudeLine(bytes: Uint8Array): ClaudeLine | null {
  const fields = asFields(parseJson(decodeLine(bytes)));
  const type = fields === null ? null : textField(fields, "type");
  return fields === null || type === null ? null : { type, at: utcOf(textField(fields, "timestamp")), fields };
}
