// Several agents ask the same endpoint, in any order: each is known by the task it was given.
import type { Script, Step } from "../../test/clients/script.ts";
import type { ScenarioRun, Subagent } from "./scenario.ts";

/** What an agent can be called by that older versions give an id: stands for the id it was given last. */
const AGENT = "$AGENT";

/** The script of a run: its steps, or those of a subagent for requests that carry the subagent's task. */
export function chooseAgent({ steps, subagents = [] }: ScenarioRun): Script {
  const nextOfMain = player(steps);
  const nextOf = new Map(subagents.map((subagent) => [subagent, player(subagent.steps)]));
  return (body) => {
    const { input = [] } = body as { input?: HistoryItem[] };
    const subagent = taskOf(input, subagents);
    const next = (subagent && nextOf.get(subagent)) ?? nextOfMain;
    return withAgent(next(), input);
  };
}

export interface HistoryItem {
  type?: string;
  content?: unknown;
}

/** Whose history it is: that of the subagent whose task it holds last. A forked one begins with its parent's. */
export function taskOf(history: readonly HistoryItem[], subagents: readonly Subagent[]): Subagent | undefined {
  for (const { content } of history.toReversed()) {
    if (content === undefined) continue;
    const text = JSON.stringify(content);
    const asked = subagents.find(({ prompt }) => text.includes(prompt));
    if (asked !== undefined) return asked;
  }
  return undefined;
}

function player(steps: readonly [Step, ...Step[]]): () => Step {
  let next = 0;
  return () => steps[Math.min(next++, steps.length - 1)] ?? steps[0];
}

function withAgent(step: Step, history: unknown): Step {
  if (!("call" in step)) return step;
  const id = [...JSON.stringify(history).matchAll(/agent_id\W+([0-9a-f-]{36})/g)].at(-1)?.[1];
  return id === undefined ? step : { call: JSON.parse(JSON.stringify(step.call).replaceAll(AGENT, id)) };
}
