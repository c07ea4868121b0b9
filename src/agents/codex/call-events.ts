// The events of a call that has ended, or that gets no result.
import type { CommandEvent, EditEvent, FileChange, Outcome, SessionEvent, ToolEvent } from "../../events/event.ts";
import { parsePatch, shellPatches } from "./apply-patch.ts";
import { type CallOutput, commandOutcome, patchOutcome } from "./outputs.ts";

/** The call's id, and where and when it was made. */
export interface Origin {
  id: string;
  offset: number;
  turn: string | null;
  /** ISO 8601 UTC. */
  startedAt: string | null;
}

/** How and when a call ended. */
export interface Ended {
  at: string | null;
  output: CallOutput;
  /** Overrides the outcome that the output implies. */
  outcome?: Outcome;
}

/** The events of a shell command: the command, the patches in it, or both. */
export function commandEvents(origin: Origin, command: string, cwd: string | null, ended: Ended): SessionEvent[] {
  const { patches, more } = shellPatches(command, cwd);
  const edits = patches.map((patch, index) => {
    const own = more || index > 0 ? { ...origin, id: `${origin.id}.${index + 1}` } : origin;
    return patchEvent(own, patch.text, patch.cwd, ended);
  });
  return more ? [...edits, commandEvent(origin, command, cwd, ended)] : edits;
}

function commandEvent(origin: Origin, command: string, cwd: string | null, ended: Ended): CommandEvent {
  return {
    kind: "command",
    ...baseOf(origin, ended),
    command,
    cwd,
    outcome: ended.outcome ?? commandOutcome(ended.output),
    exitCode: ended.output.exitCode,
    output: ended.output.text,
    startedAt: origin.startedAt,
    durationMs: ended.output.durationMs,
  };
}

export function patchEvent(origin: Origin, patch: string, cwd: string | null, ended: Ended): EditEvent {
  return editEvent(origin, parsePatch(patch), cwd, ended);
}

export function editEvent(origin: Origin, changes: FileChange[], cwd: string | null, ended: Ended): EditEvent {
  const outcome = ended.outcome ?? patchOutcome(ended.output);
  const error = outcome === "failed" || outcome === "refused" ? ended.output.text.trim() || null : null;
  return { kind: "edit", ...baseOf(origin, ended), cwd, outcome, changes, error };
}

export function toolEvent(origin: Origin, name: string, input: unknown, ended: Ended): ToolEvent {
  const outcome = ended.outcome ?? "unknown";
  return { kind: "tool", ...baseOf(origin, ended), name, input, outcome, output: ended.output.text };
}

function baseOf({ id, offset, turn }: Origin, { at }: Ended) {
  return { at, offset, turn, agent: null, id };
}
