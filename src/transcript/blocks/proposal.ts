// A plan that the tool wants consent for before it works: prose, and what the person said to it.
import type { ToolEvent } from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";
import { type BlockContext, block } from "./block.ts";
import { statusOf } from "./command.ts";
import { prose } from "./prose.ts";
import { longText } from "./text.ts";

/** The block of a plan; null for every other call. */
export function renderProposal({ name, input, output, outcome, at }: ToolEvent, context: BlockContext): Html | null {
  if (name !== "ExitPlanMode" || typeof input !== "object" || input === null) return null;
  const plan = "plan" in input ? input.plan : null;
  if (typeof plan !== "string" || plan.trim() === "") return null;
  const answer = outcome !== "ok" && output !== "" && longText(context, "answer", output, (part) => part);
  return block(context, { kind: "plan", at, status: statusOf(outcome), body: html`${prose(plan, context)}${answer}` });
}
