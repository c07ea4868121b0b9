// One event, one block.
import type { SessionEvent } from "../../sessions/events.ts";
import type { Html } from "../html/template.ts";
import type { BlockContext } from "./block.ts";
import { renderCommand } from "./command.ts";
import { renderEdit } from "./edit.ts";
import { renderCompaction, renderModel, renderNotice, renderPrompt, renderReply, renderThinking } from "./speech.ts";
import { renderSearch, renderTool } from "./tool.ts";

/** The block of an event; null for one that is only counted. Texts must have been redacted. */
export function renderBlock(event: SessionEvent, context: BlockContext): Html | null {
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
    case "model":
      return renderModel(event, context);
    case "notice":
      return renderNotice(event, context);
    case "usage":
      return null;
  }
}
