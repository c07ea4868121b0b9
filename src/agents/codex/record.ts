// A line of a rollout: `{timestamp, ordinal?, type, payload}`; to mid-2025 bare items without the envelope.

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

const decoder = new TextDecoder();

/** Parses one line; null when it is no JSON object. */
export function parseRecord(bytes: Uint8Array): RolloutRecord | null {
  const line = asFields(parseJson(decoder.decode(bytes)));
  if (line === null) return null;
  const at = utcOf(textField(line, "timestamp"));
  const type = textField(line, "type");
  const payload = asFields(line.payload);
  if (type !== null && payload !== null) {
    const untyped = type !== "event_msg" && type !== "response_item";
    return { kind: { type, payload: untyped ? null : textField(payload, "type") }, at, payload };
  }
  if (type !== null && isBareItem(type)) return { kind: { type: "response_item", payload: type }, at, payload: line };
  if (type === null && textField(line, "id") !== null) {
    return { kind: { type: "session_meta", payload: null }, at, payload: line };
  }
  // `{"record_type":"state"}` stood between the bare items of the oldest files, and held nothing.
  if (textField(line, "record_type") === "state")
    return { kind: { type: "world_state", payload: null }, at, payload: line };
  return { kind: { type: type ?? "record without a type", payload: null }, at, payload: line };
}
