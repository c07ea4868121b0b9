// A record of a rollout: `{timestamp, ordinal?, type, payload}`; until mid-2025 bare items without the envelope.

import { utcOf } from "../../events/timestamps.ts";
import { parseJson } from "../../system/json.ts";
import { asFields, type Fields, textField } from "../fields.ts";
import { isBareItem, type Kind } from "./record-kinds.ts";

export interface RolloutRecord {
  kind: Kind;
  /** ISO 8601 UTC; null where the record has no time. */
  at: string | null;
  payload: Fields;
}

/** What every record begins with, except for the oldest ones. */
export const OPENING = '{"timestamp":"';

const decoder = new TextDecoder();

/** Parses one record; null when it is not a JSON object. */
export function parseRecord(bytes: Uint8Array): RolloutRecord | null {
  const line = asFields(parseJson(decoder.decode(bytes)));
  if (line === null) return null;
  const at = utcOf(textField(line, "timestamp"));
  const type = textField(line, "type");
  const payload = asFields(line.payload);
  if (type !== null && payload !== null) {
    const hasType = type === "event_msg" || type === "response_item";
    return { kind: { type, payload: hasType ? textField(payload, "type") : null }, at, payload };
  }
  const kind = type !== null && isBareItem(type) ? { type: "response_item", payload: type } : bareKind(type, line);
  return { kind, at, payload: line };
}

function bareKind(type: string | null, line: Fields): Kind {
  if (type === null && textField(line, "id") !== null) return { type: "session_meta", payload: null };
  // The oldest files have `{"record_type":"state"}` between the items; it is always empty.
  if (textField(line, "record_type") === "state") return { type: "world_state", payload: null };
  return { type: type ?? "record without a type", payload: null };
}
