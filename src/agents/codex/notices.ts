import type { NoticeEvent } from "../../events/event.ts";
import { type Fields, numberField, textField } from "../fields.ts";
import type { Place } from "./messages.ts";

/** What an event tells besides the conversation: the end of a turn that was stopped, an error, a warning. */
export function noticeOf(type: string, payload: Fields, place: Place): NoticeEvent {
  if (type === "turn_aborted") {
    return {
      kind: "notice",
      ...place,
      level: "info",
      text: `turn ended: ${textField(payload, "reason") ?? "aborted"}`,
    };
  }
  if (type === "thread_rolled_back") {
    const turns = numberField(payload, "num_turns");
    return { kind: "notice", ...place, level: "info", text: `rolled back ${turns ?? "some"} turns` };
  }
  const level = type === "warning" ? "info" : "error";
  return { kind: "notice", ...place, level, text: textField(payload, "message") ?? type };
}
