// Renders one event as one block of a page.
import type { NoticeEvent, PromptEvent, RewindEvent, SessionEvent } from "../../events/event.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import { SearchText } from "../search.ts";
import { type BlockContext, block, firstLine, shortName, shortPath } from "./block.ts";
import { renderCommand } from "./command.ts";
import { renderEdit } from "./edit.ts";
import { renderImages } from "./images.ts";
import { longText, prose } from "./text.ts";
import { renderTool } from "./tool.ts";

/** The size of a page. Each kind of block has tighter limits of its own; this one is for cases they miss. */
const MAX_BYTES = 400_000;

/** The block of an event; null for one that is not shown. Texts must have been redacted. */
export function renderBlock(event: SessionEvent, context: BlockContext): Html | null {
  const rendered = renderEvent(event, context);
  return rendered === null || fits(rendered.source) ? rendered : renderTooLarge(event, context);
}

/** Counts bytes only where the limit may be exceeded: a UTF-16 code unit takes at most three. */
function fits(markup: string): boolean {
  return markup.length * 3 <= MAX_BYTES || Buffer.byteLength(markup) <= MAX_BYTES;
}

function renderTooLarge(event: SessionEvent, context: BlockContext): Html {
  const link = context.attachments.add(`${context.anchor}-all.txt`, visibleText(JSON.stringify(event, null, 2)));
  context.searchText.clear();
  const body = html`<p class="cut">too large for this page: <a href="${link}">full text</a></p>`;
  return block(context, { kind: event.kind, at: event.at, body });
}

function renderEvent(event: SessionEvent, context: BlockContext): Html | null {
  const { kind, at } = event;
  switch (kind) {
    case "prompt":
      return renderPrompt(event, context);
    case "reply":
      return block(context, { kind, at, body: prose(event.text, context) });
    case "thinking":
      return block(context, { kind, at, body: collapsed(firstLine(event.text), event.text, context) });
    case "command":
      return renderCommand(event, context);
    case "edit":
      return renderEdit(event, context);
    case "tool":
      return renderTool(event, context);
    case "search":
      return block(context, { kind, title: "searched the web", at, body: longText(context, "query", event.query) });
    case "compaction": {
      const body = event.summary !== null && collapsed("summary", event.summary, context);
      return block(context, { kind, title: "earlier history was summarized", at, body });
    }
    case "rewind":
      return renderRewind(event, context);
    case "model":
      return block(context, { kind, title: shortName(event.model), at, body: null });
    case "notice":
      return renderNotice(event, context);
    case "usage":
      return null;
  }
}

/** A prompt is shown as typed, not as Markdown. A model's prompt to its subagent is labeled "task". */
function renderPrompt({ text, images, at, agent }: PromptEvent, context: BlockContext): Html {
  const body = html`<div class="typed">${longText(context, "prompt", text)}</div>`;
  const kind = agent === null ? "prompt" : "task";
  return block(context, { kind, at, body: html`${text !== "" && body}${renderImages(images, context)}` });
}

/** A closed box. The search skips it: thoughts and summaries repeat other text and would crowd out better results. */
function collapsed(title: string, text: string, context: BlockContext): Html {
  const body = prose(text, { ...context, searchText: new SearchText() });
  return html`<details><summary>${title}</summary>${body}</details>`;
}

function renderRewind({ kind, prompt, restored, at }: RewindEvent, context: BlockContext): Html {
  const names = restored.map((path) => shortPath(path, context.cwd)).join("\n");
  const title =
    prompt === null
      ? "files restored to their state before the session's edits"
      : `went back to the state before prompt ${prompt}`;
  return block(context, { kind, title, at, body: restored.length > 0 && longText(context, "files", names) });
}

function renderNotice({ kind, text, level, at }: NoticeEvent, context: BlockContext): Html {
  return block(context, { kind: level === "error" ? "error" : kind, at, body: longText(context, "notice", text) });
}
