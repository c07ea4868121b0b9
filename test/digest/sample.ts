// Events and evidence to build digests from.
import type { DigestAbout } from "../../src/digest/collector.ts";
import type {
  CommandEvent,
  EditEvent,
  NoticeEvent,
  PromptEvent,
  ReplyEvent,
  ToolEvent,
} from "../../src/events/event.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";

const base = { at: null, offset: 0, turn: null, agent: null };

export const prompt = (text: string): PromptEvent => ({ ...base, kind: "prompt", text, images: [] });
export const reply = (text: string): ReplyEvent => ({ ...base, kind: "reply", text });

export const notice = (text: string, over: Partial<NoticeEvent> = {}): NoticeEvent => {
  return { ...base, kind: "notice", level: "info", text, ...over };
};

export function command(source: string, result: Partial<CommandEvent> = {}): CommandEvent {
  const timing = { startedAt: null, durationMs: null };
  return {
    ...base,
    kind: "command",
    id: "c",
    command: source,
    cwd: "/home/dev/shop",
    outcome: "ok",
    exitCode: 0,
    output: "",
    ...timing,
    ...result,
  };
}

export function edit(paths: string[], result: Partial<EditEvent> = {}): EditEvent {
  const changes = paths.map((path) => ({ type: "update" as const, path, movedTo: null, diff: "+the diff" }));
  return { ...base, kind: "edit", id: "e", cwd: null, outcome: "ok", changes, error: null, ...result };
}

export function tool(name: string, result: Partial<ToolEvent> = {}): ToolEvent {
  return { ...base, kind: "tool", id: "t", name, input: { a: 1 }, outcome: "ok", output: "", ...result };
}

export function evidence(facts: Partial<Evidence> = {}): Evidence {
  return {
    prompts: [],
    lastReply: null,
    touchedFiles: { created: [], modified: [], deleted: [], moved: [] },
    tests: [],
    commits: [],
    failedCommands: [],
    failedEdits: [],
    namedFiles: [],
    models: [],
    firstAt: null,
    lastAt: null,
    commands: 0,
    edits: 0,
    mcpCalls: 0,
    ...facts,
  };
}

export const about: DigestAbout = {
  tool: "codex",
  label: "Fix cart",
  project: "shop",
  start: "2026-11-22T06:15:00.637Z",
  end: "2026-11-22T06:15:03.070Z",
  priorPrompts: [],
  paths: { root: "/home/dev/shop", home: "/home/dev" },
};
