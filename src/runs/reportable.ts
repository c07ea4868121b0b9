// Whether a run holds anything that an entry can report.
import type { SessionEvent } from "../events/event.ts";
import type { Evidence } from "../evidence/evidence.ts";

/** Whether an entry can report the event. A run without such an event is empty. */
export function isReportable(event: SessionEvent): boolean {
  switch (event.kind) {
    case "prompt":
    case "reply":
      return event.agent === null;
    case "command":
      return event.outcome !== "refused";
    case "edit":
      return event.outcome === "ok";
    default:
      return false;
  }
}

/** Whether a run has nothing to report: the tool was opened and closed. */
export function isEmptyRun({ prompts, lastReply, commands, edits }: Evidence): boolean {
  return prompts.length === 0 && lastReply === null && commands === 0 && edits === 0;
}
