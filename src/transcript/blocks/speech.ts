// What was said: prompts, replies, reasoning, and the tool's own marks between them.
import type {
  CompactionEvent,
  ModelEvent,
  NoticeEvent,
  PromptEvent,
  ReplyEvent,
  RewindEvent,
  ThinkingEvent,
} from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";
import { SearchText } from "../search/found-text.ts";
import { type BlockContext, block, shortName, shortPath } from "./block.ts";
import { firstLine } from "./first-line.ts";
import { renderImages } from "./images.ts";
import { prose } from "./prose.ts";
import { longText } from "./text.ts";

/** A person's words stay as they were typed; so do those of a model to its subagent, which are no prompt. */
export function renderPrompt({ text, images, at, agent }: PromptEvent, context: BlockContext): Html {
  const body = html`<div class="typed">${longText(context, "prompt", text, (part) => part)}</div>`;
  const kind = agent === null ? "prompt" : "task";
  return block(context, { kind, at, body: html`${text !== "" && body}${renderImages(images, context)}` });
}

export function renderReply({ text, at }: ReplyEvent, context: BlockContext): Html {
  return block(context, { kind: "reply", at, body: prose(text, context) });
}

export function renderThinking({ text, at }: ThinkingEvent, context: BlockContext): Html {
  const body = html`<details><summary>${firstLine(text)}</summary>${prose(text, unsearched(context))}</details>`;
  return block(context, { kind: "thinking", at, body });
}

export function renderCompaction({ summary, at }: CompactionEvent, context: BlockContext): Html {
  const body =
    summary !== null && html`<details><summary>summary</summary>${prose(summary, unsearched(context))}</details>`;
  return block(context, { kind: "compaction", title: "the history before was summarised to make room", at, body });
}

export function renderRewind({ prompt, restored, at }: RewindEvent, context: BlockContext): Html {
  const names = restored.map((path) => shortPath(path, context.cwd)).join("\n");
  const title =
    prompt === null ? "files are as they were before the session's edits" : `back to before prompt ${prompt}`;
  const body = restored.length > 0 && longText(context, "files", names, (part) => part);
  return block(context, { kind: "rewind", title, at, body });
}

export function renderModel({ model, at }: ModelEvent, context: BlockContext): Html {
  return block(context, { kind: "model", title: shortName(model), at, body: null });
}

export function renderNotice({ text, level, at }: NoticeEvent, context: BlockContext): Html {
  const body = longText(context, "notice", text, (part) => part);
  return block(context, { kind: level === "error" ? "error" : "notice", at, body });
}

/** What the model thought, or repeats of what was said before, would only drown what a person looks for. */
function unsearched(context: BlockContext): BlockContext {
  return { ...context, searchText: new SearchText() };
}
