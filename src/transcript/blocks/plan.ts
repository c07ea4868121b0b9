// A plan, or a list of things to do, as the tool keeps it: steps with a state.
import { z } from "zod";
import type { ToolEvent } from "../../events/event.ts";
import { type Html, html } from "../html/template.ts";

const text = z.string();

/** Codex: `update_plan {explanation?, plan: [{step, status}]}`. Claude Code: `TodoWrite {todos: [{content, status}]}`. */
const schema = z.union([
  z
    .object({ explanation: text.nullish(), plan: z.array(z.object({ step: text, status: text })).max(500) })
    .transform(({ explanation, plan }) => ({ explanation: explanation ?? null, steps: plan })),
  z.object({ todos: z.array(z.object({ content: text, status: text })).max(500) }).transform(({ todos }) => ({
    explanation: null,
    steps: todos.map(({ content, status }) => ({ step: content, status })),
  })),
]);

type Plan = z.output<typeof schema>;

const MARKS: Record<string, string> = {
  __proto__: null as never,
  completed: "✓",
  in_progress: "▸",
  pending: "○",
};

/** Nobody reads a longer one as a list. */
const MAX_CHARACTERS = 20_000;

/** The plan of a call; null where it holds none. */
export function readPlan({ name, input }: ToolEvent): Plan | null {
  if (name !== "update_plan" && name !== "TodoWrite") return null;
  const plan = schema.safeParse(input).data ?? null;
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
