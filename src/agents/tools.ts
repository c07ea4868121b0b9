// The agents whose logs are read.

/** The tools whose logs are read. */
export const TOOLS = ["codex", "claude"] as const;
export type Tool = (typeof TOOLS)[number];

/** What their makers call them. */
export const TOOL_NAMES: Record<Tool, string> = { codex: "Codex", claude: "Claude Code" };
