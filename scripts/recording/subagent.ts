// Two agents ask the same endpoint, in any order: tells them apart by the first message of their history.
import type { Script, Step } from "../../test/clients/script.ts";
import type { ScenarioRun } from "./scenario.ts";

/** The script of a run: its steps, or those of its subagent for requests that carry the subagent's prompt. */
export function chooseAgent({ steps, subagent }: ScenarioRun): Script {
  if (subagent === undefined) return steps;
  const nextOfMain = player(steps);
  const nextOfSubagent = player(subagent.steps);
  return (body) => (wasAsked(body, subagent.prompt) ? nextOfSubagent() : nextOfMain());
}

function player(steps: readonly [Step, ...Step[]]): () => Step {
  let next = 0;
  return () => steps[Math.min(next++, steps.length - 1)] ?? steps[0];
}

function wasAsked(body: unknown, prompt: string): boolean {
  const { input = [] } = body as { input?: { type: string; content?: unknown }[] };
  return input.some((item) => item.content !== undefined && JSON.stringify(item.content).includes(prompt));
}
