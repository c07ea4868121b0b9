// The timeline of a digest. Events are capped as they arrive, and cleaned once it is known which of them are kept.
import type { EditEvent, RewindEvent, SessionEvent } from "../events/event.ts";
import { lastWindow, type TextCleaner, window } from "./clean-text.ts";
import { type DigestItem, type ItemKind, kindOf } from "./digest.ts";

const MAX_LENGTH = { prompt: 2_000, reply: 1_200, command: 600, path: 300, name: 120, search: 200, notice: 300 };
const MAX_PATHS = 30;
const TAIL_LINES = 15;
const MAX_TAIL_LENGTH = 1_200;

export class Timeline {
  #order = 0;
  /** Each kind has a limit of its own, so that a thousand listings cannot displace a prompt. */
  readonly #kept: Record<ItemKind, HeadTail<{ order: number; item: DigestItem }>> = {
    prompts: new HeadTail(80, 120),
    replies: new HeadTail(40, 160),
    failures: new HeadTail(60, 190),
    edits: new HeadTail(80, 320),
    calls: new HeadTail(100, 300),
  };

  push(event: SessionEvent): void {
    const item = capture(event);
    if (item !== null) this.#kept[kindOf(item)].push({ order: this.#order++, item });
  }

  /** The kept items in order, cleaned, and how many of each kind were omitted. */
  finish(cleaner: TextCleaner): { items: DigestItem[]; omitted: Record<string, number> } {
    const kept = Object.values(this.#kept).flatMap((ends) => ends.items());
    const omitted = Object.entries(this.#kept).map(([kind, ends]) => [kind, ends.omitted] as const);
    return {
      items: kept.sort((a, b) => a.order - b.order).map(({ item }) => clean(item, cleaner)),
      omitted: Object.fromEntries(omitted.filter(([, count]) => count > 0)),
    };
  }
}

/** Keeps the first and the last items pushed, and counts those between. */
class HeadTail<T> {
  omitted = 0;
  readonly #head: T[] = [];
  readonly #tail: T[] = [];
  #oldest = 0;
  readonly #headSize: number;
  readonly #tailSize: number;

  constructor(headSize: number, tailSize: number) {
    this.#headSize = headSize;
    this.#tailSize = tailSize;
  }

  push(item: T): void {
    if (this.#head.length < this.#headSize) {
      this.#head.push(item);
    } else if (this.#tail.length < this.#tailSize) {
      this.#tail.push(item);
    } else {
      this.#tail[this.#oldest] = item;
      this.#oldest = (this.#oldest + 1) % this.#tailSize;
      this.omitted++;
    }
  }

  items(): T[] {
    return [...this.#head, ...this.#tail.slice(this.#oldest), ...this.#tail.slice(0, this.#oldest)];
  }
}

/** The item of an event, its texts capped but not yet cleaned; null if an event has no item. */
function capture(event: SessionEvent): DigestItem | null {
  switch (event.kind) {
    case "prompt":
      // Prompts and replies of a subagent are exchanged between two models.
      if (event.agent !== null) return null;
      return { prompt: window(event.text), ...(event.images.length > 0 && { images: event.images.length }) };
    case "reply":
      return event.agent !== null || event.text.trim() === "" ? null : { reply: window(event.text) };
    case "search":
      return { search: window(event.query) };
    case "notice":
      // The output of a hook or of a slash command is output like any other.
      return event.by !== undefined && event.level === "info" ? null : { notice: window(event.text) };
    case "rewind":
      return { notice: window(rewindText(event)) };
    case "command": {
      const { command, outcome, exitCode } = event;
      const exit = exitCode === null ? {} : { exit_code: exitCode };
      return { command: window(command), outcome, ...exit, ...outputTail(event), ...subagentMark(event) };
    }
    case "edit":
      return captureEdit(event);
    case "tool": {
      const tool = window(event.name, MAX_LENGTH.name * 4);
      return { tool, outcome: event.outcome, ...outputTail(event), ...subagentMark(event) };
    }
    default:
      return null;
  }
}

function rewindText({ prompt, restored }: RewindEvent): string {
  if (prompt !== null) return `the user rewound the session to its state before prompt ${prompt}`;
  const more = restored.length > MAX_PATHS ? `, and ${restored.length - MAX_PATHS} more` : "";
  return `the edits of these files were undone: ${restored.slice(0, MAX_PATHS).join(", ")}${more}`;
}

function captureEdit(event: EditEvent): DigestItem {
  const paths = event.changes.flatMap(({ path, movedTo }) => (movedTo === null ? [path] : [path, movedTo]));
  const more = paths.length - MAX_PATHS;
  const error = event.outcome === "failed" && event.error !== null ? lastWindow(event.error) : "";
  return {
    edit: paths.slice(0, MAX_PATHS).map((path) => window(path, MAX_LENGTH.path * 4)),
    ...(more > 0 && { more_paths: more }),
    outcome: event.outcome,
    ...(error !== "" && { error_tail: error }),
    ...subagentMark(event),
  };
}

function outputTail({ outcome, output }: { outcome: string; output: string }): { output_tail?: string } {
  const tail = outcome === "failed" ? lastWindow(output) : "";
  return tail.trim() === "" ? {} : { output_tail: tail };
}

function subagentMark({ agent }: { agent: string | null }): { subagent?: true } {
  return agent === null ? {} : { subagent: true };
}

function clean(item: DigestItem, cleaner: TextCleaner): DigestItem {
  const tail = (output: string) => cleaner.tail(output, TAIL_LINES, MAX_TAIL_LENGTH);
  if ("prompt" in item) return { ...item, prompt: cleaner.short(item.prompt, MAX_LENGTH.prompt) };
  if ("reply" in item) return { reply: cleaner.short(item.reply, MAX_LENGTH.reply) };
  if ("search" in item) return { search: cleaner.short(item.search, MAX_LENGTH.search) };
  if ("notice" in item) return { notice: cleaner.short(item.notice, MAX_LENGTH.notice) };
  if ("edit" in item) {
    const edit = item.edit.map((path) => cleaner.short(path, MAX_LENGTH.path));
    return { ...item, edit, ...(item.error_tail !== undefined && { error_tail: tail(item.error_tail) }) };
  }
  const output = item.output_tail === undefined ? {} : { output_tail: tail(item.output_tail) };
  if ("command" in item) return { ...item, command: cleaner.short(item.command, MAX_LENGTH.command), ...output };
  return { ...item, tool: cleaner.short(item.tool, MAX_LENGTH.name), ...output };
}
