// Events as an agent's parser yields them, for tests.

import type { SessionHead } from "../../src/agents/session-head.ts";
import type { CommandEvent, EditEvent, FileChange } from "../../src/events/event.ts";

const BASE = { at: null, offset: 0, turn: null, agent: null };

export function commandEvent(command: string, part: Partial<CommandEvent> = {}): CommandEvent {
  const exitCode = part.exitCode === undefined ? 0 : part.exitCode;
  return {
    ...BASE,
    kind: "command",
    id: "call",
    command,
    cwd: "/home/dev/shop",
    outcome: exitCode === null ? "unknown" : exitCode === 0 ? "ok" : "failed",
    exitCode,
    output: "",
    startedAt: null,
    durationMs: null,
    ...part,
  };
}

export function editEvent(changes: Partial<FileChange>[], part: Partial<EditEvent> = {}): EditEvent {
  return {
    ...BASE,
    kind: "edit",
    id: "call",
    cwd: "/home/dev/shop",
    outcome: "ok",
    changes: changes.map((change) => ({ type: "update", path: "", movedTo: null, diff: null, ...change })),
    error: null,
    ...part,
  };
}

export function sessionHead(part: Partial<SessionHead> = {}): SessionHead {
  return {
    tool: "codex",
    sessionId: "0199",
    version: "0.169.0",
    startedAt: null,
    cwd: "/home/dev/shop",
    git: { commit: null, branch: null, repositoryUrl: null },
    forkedFrom: null,
    parent: null,
    ...part,
  };
}
