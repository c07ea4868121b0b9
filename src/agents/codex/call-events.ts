// From a call and what came of it to events.
import type { CommandEvent, EditEvent, FileChange, Outcome, SessionEvent, ToolEvent } from "../../events/event.ts";
import { shellPatches } from "./apply-patch.ts";
import { type CallOutput, commandOutcome, patchOutcome } from "./outputs.ts";
import { parsePatch } from "./patch.ts";

/** Where in the log, and when, something began. */
export interface Origin {
  id: string;
  offset: number;
  turn: string | null;
  /** ISO 8601 UTC. */
  startedAt: string | null;
}

/** A command or patch that ended, or never did. */
export interface Ended {
  at: string | null;
  output: CallOutput;
  /** Overrules what the output tells: the log knows better how the call ended. */
  outcome?: Outcome;
}

export const NO_OUTPUT: CallOutput = {
  text: "",
  exitCode: null,
  durationMs: null,
  session: null,
  refused: false,
  interrupted: false,
};

/** A command's events: the command, or the edits it is made of, or both. */
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
    at: ended.at,
    offset: origin.offset,
    turn: origin.turn,
    agent: null,
    id: origin.id,
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
  return {
    kind: "edit",
    at: ended.at,
    offset: origin.offset,
    turn: origin.turn,
    agent: null,
    id: origin.id,
    cwd,
    outcome,
    changes,
    error: outcome === "failed" || outcome === "refused" ? ended.output.text.trim() || null : null,
  };
}

export function toolEvent(origin: Origin, name: string, input: unknown, ended: Ended): ToolEvent {
  return {
    kind: "tool",
    at: ended.at,
    offset: origin.offset,
    turn: origin.turn,
    agent: null,
    id: origin.id,
    name,
    input,
    outcome: ended.outcome ?? "unknown",
    output: ended.output.text,
  };
}
