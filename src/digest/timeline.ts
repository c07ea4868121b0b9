// The events of a run on their way to the digest: capped as they come, cleaned once it is known which are kept.
import type { CommandEvent, EditEvent, Outcome, RewindEvent, SessionEvent, ToolEvent } from "../events/event.ts";
import type { DigestItem } from "./digest.ts";
import { HeadTail } from "./head-tail.ts";
import { lastWindow, type TextCleaner, window } from "./text.ts";

const LENGTH = { prompt: 2_000, reply: 1_200, command: 600, path: 300, name: 120, search: 200, notice: 300 };
const EDIT_PATHS = 30;
const TAIL_LINES = 15;
const TAIL_LENGTH = 1_200;

/** Kinds compete only with their own: a thousand listings do not push out a prompt. */
type Kind = "prompts" | "replies" | "failures" | "edits" | "calls";

type Entry = { order: number; event: Kept };
type Kept =
  | { kind: "prompt"; text: string; images: number }
  | { kind: "reply"; text: string }
  | { kind: "search"; text: string }
  | { kind: "notice"; text: string }
  | (Call & { kind: "command"; text: string; exitCode: number | null; output: string })
  | (Call & { kind: "edit"; paths: string[]; more: number; error: string })
  | (Call & { kind: "tool"; text: string; output: string });

interface Call {
  outcome: Outcome;
  subagent: boolean;
}

export class Timeline {
  #order = 0;
  readonly #kept: Record<Kind, HeadTail<Entry>> = {
    prompts: new HeadTail(80, 120),
    replies: new HeadTail(40, 160),
    failures: new HeadTail(60, 190),
    edits: new HeadTail(80, 320),
    calls: new HeadTail(100, 300),
  };

  push(event: SessionEvent): void {
    const kept = capture(event);
    if (kept !== null) this.#kept[kindOf(kept)].push({ order: this.#order++, event: kept });
  }

  /** What was kept, in order and cleaned, and how many of each kind were left out on the way. */
  finish(cleaner: TextCleaner): { items: DigestItem[]; omitted: Record<string, number> } {
    const entries = Object.values(this.#kept).flatMap((kept) => kept.items());
    const omitted = Object.entries(this.#kept).map(([kind, kept]) => [kind, kept.omitted] as const);
    return {
      items: entries.sort((a, b) => a.order - b.order).map(({ event }) => toItem(event, cleaner)),
      omitted: Object.fromEntries(omitted.filter(([, count]) => count > 0)),
    };
  }
}

function capture(event: SessionEvent): Kept | null {
  switch (event.kind) {
    case "prompt":
      // What a subagent is told, and what it answers, is said between two models.
      if (event.agent !== null) return null;
      return { kind: "prompt", text: window(event.text), images: event.images.length };
    case "reply":
      if (event.agent !== null || event.text.trim() === "") return null;
      return { kind: "reply", text: window(event.text) };
    case "search":
      return { kind: "search", text: window(event.query) };
    case "notice":
      // What a hook or a command of the screen printed is output as any other.
      if (event.by !== undefined && event.level === "info") return null;
      return { kind: "notice", text: window(event.text) };
    case "rewind":
      return { kind: "notice", text: window(rewindText(event)) };
    case "command":
      return captureCommand(event);
    case "edit":
      return captureEdit(event);
    case "tool":
      return captureTool(event);
    default:
      return null;
  }
}

function rewindText({ prompt, restored }: RewindEvent): string {
  if (prompt !== null) return `the person went back to before prompt ${prompt}`;
  const more = restored.length > EDIT_PATHS ? `, and ${restored.length - EDIT_PATHS} more` : "";
  return `as before the edits again: ${restored.slice(0, EDIT_PATHS).join(", ")}${more}`;
}

function captureCommand(event: CommandEvent): Kept {
  const { exitCode } = event;
  return { kind: "command", text: window(event.command), exitCode, output: failedOutput(event), ...callOf(event) };
}

function captureEdit(event: EditEvent): Kept {
  const paths = event.changes.flatMap(({ path, movedTo }) => (movedTo === null ? [path] : [path, movedTo]));
  const shown = paths.slice(0, EDIT_PATHS).map((path) => window(path, LENGTH.path * 4));
  const error = event.outcome === "failed" && event.error !== null ? lastWindow(event.error) : "";
  return { kind: "edit", paths: shown, more: paths.length - shown.length, error, ...callOf(event) };
}

function captureTool(event: ToolEvent): Kept {
  return { kind: "tool", text: window(event.name, LENGTH.name * 4), output: failedOutput(event), ...callOf(event) };
}

function callOf(event: CommandEvent | EditEvent | ToolEvent): Call {
  return { outcome: event.outcome, subagent: event.agent !== null };
}

/** Output is kept of failed calls only. */
function failedOutput(event: CommandEvent | ToolEvent): string {
  return event.outcome === "failed" ? lastWindow(event.output) : "";
}

function kindOf(kept: Kept): Kind {
  if (kept.kind === "prompt") return "prompts";
  if (kept.kind === "reply") return "replies";
  if (kept.kind === "notice") return "failures";
  if (kept.kind === "search") return "calls";
  if (kept.outcome === "failed" || kept.outcome === "interrupted") return "failures";
  return kept.kind === "edit" ? "edits" : "calls";
}

function toItem(kept: Kept, cleaner: TextCleaner): DigestItem {
  switch (kept.kind) {
    case "prompt":
      return { prompt: cleaner.short(kept.text, LENGTH.prompt), ...(kept.images > 0 && { images: kept.images }) };
    case "reply":
      return { reply: cleaner.short(kept.text, LENGTH.reply) };
    case "search":
      return { search: cleaner.short(kept.text, LENGTH.search) };
    case "notice":
      return { notice: cleaner.short(kept.text, LENGTH.notice) };
    case "command":
      return {
        command: cleaner.short(kept.text, LENGTH.command),
        outcome: kept.outcome,
        ...(kept.exitCode !== null && { exit_code: kept.exitCode }),
        ...tailOf(kept.output, cleaner),
        ...marks(kept),
      };
    case "edit":
      return {
        edit: kept.paths.map((path) => cleaner.short(path, LENGTH.path)),
        ...(kept.more > 0 && { more_paths: kept.more }),
        outcome: kept.outcome,
        ...(kept.error !== "" && { error_tail: cleaner.tail(kept.error, TAIL_LINES, TAIL_LENGTH) }),
        ...marks(kept),
      };
    case "tool":
      return {
        tool: cleaner.short(kept.text, LENGTH.name),
        outcome: kept.outcome,
        ...tailOf(kept.output, cleaner),
        ...marks(kept),
      };
  }
}

function tailOf(output: string, cleaner: TextCleaner): { output_tail?: string } {
  return output.trim() === "" ? {} : { output_tail: cleaner.tail(output, TAIL_LINES, TAIL_LENGTH) };
}

function marks({ subagent }: Call): { subagent?: true } {
  return subagent ? { subagent: true } : {};
}
