// One event, one block.
import type { SessionEvent } from "../../events/event.ts";
import { type Html, html, visibleText } from "../html/template.ts";
import { type BlockContext, block } from "./block.ts";
import { renderCommand } from "./command.ts";
import { renderEdit } from "./edit.ts";
import {
  renderCompaction,
  renderModel,
  renderNotice,
  renderPrompt,
  renderReply,
  renderRewind,
  renderThinking,
} from "./speech.ts";
import { renderSearch, renderTool } from "./tool.ts";

/** What fits on a page of its own. Every kind of block bounds what it shows; this is for what nobody thought of. */
const MAX_BYTES = 400_000;

/** The block of an event; null for one that is only counted. Texts must have been redacted. */
export function renderBlock(event: SessionEvent, context: BlockContext): Html | null {
  const rendered = renderKind(event, context);
  return rendered === null || fits(rendered.source) ? rendered : renderTooLarge(event, context);
}

/** Bytes are counted only where there may be too many: a UTF-16 code unit has three at most. */
function fits(markup: string): boolean {
  return markup.length * 3 <= MAX_BYTES || Buffer.byteLength(markup) <= MAX_BYTES;
}

function renderTooLarge(event: SessionEvent, context: BlockContext): Html {
  const link = context.attachments.add(`${context.anchor}-all.txt`, visibleText(JSON.stringify(event, null, 2)));
  context.searchText.clear();
  const body = html`<p class="cut">too much for a page: <a href="${link}">all of it</a></p>`;
  return block(context, { kind: event.kind, at: event.at, body });
}

function renderKind(event: SessionEvent, context: BlockContext): Html | null {
  switch (event.kind) {
    case "prompt":
      return renderPrompt(event, context);
    case "reply":
      return renderReply(event, context);
    case "thinking":
      return renderThinking(event, context);
    case "command":
      return renderCommand(event, context);
    case "edit":
      return renderEdit(event, context);
    case "tool":
      return renderTool(event, context);
    case "search":
      return renderSearch(event, context);
    case "compaction":
      return renderCompaction(event, context);
    case "rewind":
      return renderRewind(event, context);
    case "model":
      return renderModel(event, context);
    case "notice":
      return renderNotice(event, context);
    case "usage":
      return null;
  }
}
