// The registered agents. Only this file imports from their folders.
import type { Agent } from "./agent.ts";
import { claude } from "./claude/agent.ts";
import { codex } from "./codex/agent.ts";
import type { LogReader } from "./log-reader.ts";
import type { Tool } from "./tool.ts";

const agents: Agent[] = [codex, claude];
const tools: Tool[] = agents.map(({ id }) => id);

export const AGENTS: readonly Agent[] = agents;
export const TOOLS: readonly Tool[] = tools;

export function isTool(text: string): boolean {
  return tools.includes(text);
}

/** The agent of a registered tool. */
export function agentOf(tool: Tool): Agent {
  const agent = agents.find(({ id }) => id === tool);
  if (agent === undefined) throw new Error(`no agent is registered for ${JSON.stringify(tool)}`);
  return agent;
}

export async function readerOf(tool: Tool): Promise<LogReader> {
  return await agentOf(tool).loadReader();
}

/**
 * Adds an agent, for tests; call it before modules that derive flags from the registry are loaded. Returns a function
 * that removes it again.
 */
export function registerAgent(agent: Agent): () => void {
  agents.push(agent);
  tools.push(agent.id);
  return () => {
    agents.splice(agents.indexOf(agent), 1);
    tools.splice(tools.indexOf(agent.id), 1);
  };
}
