// Where items tell what a script ran, the script itself adds only what never ran.
import type { SessionEvent } from "../../events/event.ts";
import { type CallOutput, patchOutcome } from "./outputs.ts";
import type { Intent } from "./tool-calls.ts";

/** What items have told since a call was made. */
export interface Told {
  commands: string[];
  edits: number;
  failedEdits: number;
  others: number;
}

export function nothingTold(): Told {
  return { commands: [], edits: 0, failedEdits: 0, others: 0 };
}

export function noteTold(told: Told, events: readonly SessionEvent[]): void {
  for (const event of events) {
    if (event.kind === "command") told.commands.push(event.command);
    else if (event.kind === "edit") {
      told.edits += 1;
      if (event.outcome !== "ok") told.failedEdits += 1;
    } else told.others += 1;
  }
}

export function isTold(told: Told): boolean {
  return told.commands.length + told.edits + told.others > 0;
}

/** Whether items have told of a script's step already, or tell by their silence that there was nothing to tell. */
export function isCovered(told: Told, items: boolean, intent: Intent, output: CallOutput): boolean {
  if (intent.kind === "patch") {
    const outcome = patchOutcome(output);
    // A patch that fits nowhere leaves no item.
    const bare = items && told.failedEdits === 0 && (outcome === "failed" || outcome === "refused");
    return !bare && (items || told.edits > 0);
  }
  if (!items && told.commands.length === 0) return false;
  return intent.kind !== "command" || !output.refused || told.commands.includes(intent.command);
}
