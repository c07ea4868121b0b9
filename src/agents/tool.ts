/** The id of a tool: in entries, flags (`--codex`) and settings. Input is checked against the registry of agents. */
export type Tool = string;

/** The environment variable that names the command to run for a tool. */
export function commandVariable(tool: Tool): string {
  return `CTX_${tool.toUpperCase()}_CMD`;
}

/** The setting that names the command to run for a tool. */
export function commandSetting(tool: Tool): `${string}_cmd` {
  return `${tool}_cmd`;
}
