import type { ToolEvent } from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";
import { type BlockContext, block, shortName, statusOf } from "./block.ts";
import { renderOutput } from "./command.ts";
import { renderImages } from "./images.ts";
import { readPlan, renderPlan, renderProposal } from "./plan.ts";
import { longText } from "./text.ts";

/** A call of another tool: a plan as such, any other call (MCP, unknown tools) as indented JSON. */
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
    body: html`${text !== "{}" && text !== "" && longText(context, "input", text)}${
      output !== "" && renderOutput(context, indentJson(output), outcome === "failed")
    }${renderImages(images, context)}`,
  });
}

/** Indents JSON and returns other text as it is. */
function indentJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
