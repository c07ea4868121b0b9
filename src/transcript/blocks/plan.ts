// Calls in which a model keeps a list of steps, or proposes a plan and asks for consent.
import { z } from "zod";
import type { ToolEvent } from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";
import { type BlockContext, block, statusOf } from "./block.ts";
import { longText, prose } from "./text.ts";

const text = z.string();

/** `update_plan {explanation?, plan: [{step, status}]}` or `TodoWrite {todos: [{content, status}]}`. */
const planInput = z.union([
  z
    .object({ explanation: text.nullish(), plan: z.array(z.object({ step: text, status: text })).max(500) })
    .transform(({ explanation, plan }) => ({ explanation: explanation ?? null, steps: plan })),
  z.object({ todos: z.array(z.object({ content: text, status: text })).max(500) }).transform(({ todos }) => ({
    explanation: null,
    steps: todos.map(({ content, status }) => ({ step: content, status })),
  })),
]);

type Plan = z.output<typeof planInput>;

const MARKS: Record<string, string> = {
  __proto__: null as never,
  completed: "✓",
  in_progress: "▸",
  pending: "○",
};

/** A longer plan is shown like any other call. */
const MAX_CHARACTERS = 20_000;

/** The steps in the input of a call; null if it is not a plan. */
export function readPlan({ name, input }: ToolEvent): Plan | null {
  if (name !== "update_plan" && name !== "TodoWrite") return null;
  const plan = planInput.safeParse(input).data ?? null;
  return plan === null || lengthOf(plan) > MAX_CHARACTERS ? null : plan;
}

function lengthOf({ explanation, steps }: Plan): number {
  return steps.reduce((sum, { step, status }) => sum + step.length + status.length, explanation?.length ?? 0);
}

export function renderPlan({ explanation, steps }: Plan): Html {
  const items = steps.map(({ step, status }) => {
    return html`<li class="${status.replaceAll(/\W/g, "")}"><span class="mark" role="img" aria-label="${status}">${
      MARKS[status] ?? "·"
    }</span> ${step}</li>`;
  });
  return html`${explanation && html`<p>${explanation}</p>`}<ul class="steps">${items}</ul>`;
}

/** A plan proposed in Markdown, and the answer if the person did not accept it; null for any other call. */
export function renderProposal({ name, input, output, outcome, at }: ToolEvent, context: BlockContext): Html | null {
  if (name !== "ExitPlanMode" || typeof input !== "object" || input === null) return null;
  const plan = "plan" in input ? input.plan : null;
  if (typeof plan !== "string" || plan.trim() === "") return null;
  const answer = outcome !== "ok" && output !== "" && longText(context, "answer", output);
  return block(context, { kind: "plan", at, status: statusOf(outcome), body: html`${prose(plan, context)}${answer}` });
}
