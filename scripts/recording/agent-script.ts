// Answers several agents that use the same endpoint, in any order. Each is identified by its task.
import type { Script, Step } from "../../test/clients/script.ts";
import type { ScenarioRun, Subagent } from "./scenario.ts";

/** A placeholder for the id of the agent started last. Older versions refer to an agent by its id. */
const AGENT_ID = "$AGENT";

/** The script of a run: its steps, or those of a subagent for requests that contain the subagent's task. */
export function scriptFor({ steps, subagents = [] }: ScenarioRun): Script {
  const nextOfMain = player(steps);
  const nextOf = new Map(subagents.map((subagent) => [subagent, player(subagent.steps)]));
  return (body) => {
    const { input = [] } = body as { input?: HistoryItem[] };
    const subagent = subagentOf(input, subagents);
    const next = (subagent && nextOf.get(subagent)) ?? nextOfMain;
    return withAgentId(next(), input);
  };
}

export interface HistoryItem {
  type?: string;
  content?: unknown;
}

/** The subagent whose task is the last one in a history. The history of a forked subagent starts with its parent's. */
export function subagentOf(history: readonly HistoryItem[], subagents: readonly Subagent[]): Subagent | undefined {
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

function withAgentId(step: Step, history: unknown): Step {
  if (!("call" in step)) return step;
  const id = [...JSON.stringify(history).matchAll(/agent_id\W+([0-9a-f-]{36})/g)].at(-1)?.[1];
  return id === undefined ? step : { call: JSON.parse(JSON.stringify(step.call).replaceAll(AGENT_ID, id)) };
}
