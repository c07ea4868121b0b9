// Calls of other tools: MCP, plans, and whatever nobody knows yet, as tidy JSON.
import type { SearchEvent, ToolEvent } from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";
import { type BlockContext, block, shortName } from "./block.ts";
import { renderOutput, statusOf } from "./command.ts";
import { renderImages } from "./images.ts";
import { readPlan, renderPlan } from "./plan.ts";
import { renderProposal } from "./proposal.ts";
import { longText } from "./text.ts";

export function renderTool(event: ToolEvent, context: BlockContext): Html {
  const { name, input, output, outcome, images = [], at } = event;
  const plan = readPlan(event);
  if (plan !== null) return block(context, { kind: "plan", at, body: context.searchText.add(renderPlan(plan)) });
  const proposal = renderProposal(event, context);
  if (proposal !== null) return proposal;
  const text = typeof input === "string" ? input : JSON.stringify(input, null, 2);
  return block(context, {
    kind: "tool",
    title: context.searchText.add(html`${shortName(name)}`),
    at,
    status: statusOf(outcome),
    body: html`${text !== "{}" && text !== "" && longText(context, "input", text, (part) => part)}${
      output !== "" && renderOutput(context, tidyJson(output), outcome === "failed")
    }${renderImages(images, context)}`,
  });
}

export function renderSearch({ query, at }: SearchEvent, context: BlockContext): Html {
  return block(context, {
    kind: "search",
    title: "on the web",
    at,
    body: longText(context, "query", query, (part) => part),
  });
}

/** JSON with line breaks; other text as it is. */
function tidyJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
