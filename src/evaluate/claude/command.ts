// The `claude --print` of an evaluation as a value: what is run, with which environment.
import { join } from "node:path";
import type { EvaluatorOptions } from "../options.ts";
import type { EvaluationPaths } from "../private-home.ts";
import type { CliCall } from "../program.ts";
import { answerJsonSchema } from "../verdict.ts";
import type { ClaudeSettings } from "./settings.ts";

/** Where things are in the private folder. */
export const CONFIG_DIRECTORY = join("home", ".claude");
export const SETTINGS = "settings.json";

/** Instead of the default prompt of an agent, which tells where it works and on which system. */
const SYSTEM_PROMPT = "You put one run of a coding agent into words, as the user's message asks.";

export const REQUIRED: string[] = [
  ...["--json-schema", "--tools", "--setting-sources", "--settings", "--system-prompt"],
  ...["--no-session-persistence", "--strict-mcp-config", "--mcp-config"],
];
export const WHERE_KNOWN: string[] = ["--bare", "--safe-mode"];

/** What keeps it from calling anybody but the provider, from trying again, and from reading what a prompt mentions. */
const RESTRICTIONS = {
  CLAUDE_CODE_MAX_RETRIES: "0",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_AUTOUPDATER: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  CLAUDE_CODE_DISABLE_ATTACHMENTS: "1",
  CLAUDE_CODE_DISABLE_CLAUDE_MDS: "1",
  CLAUDE_CODE_DISABLE_AUTO_MEMORY: "1",
};

/** Not `CLAUDE_CODE_SESSION_ID` and its kin: they would tie the evaluation to a session. */
export function claudeEnvironment(
  { folder, temporary }: EvaluationPaths,
  { variables }: ClaudeSettings,
  options: EvaluatorOptions,
): Record<string, string> {
  return {
    ...variables,
    ...RESTRICTIONS,
    ...(isMac(options) && keychainOf(options)),
    CLAUDE_CONFIG_DIR: join(folder, CONFIG_DIRECTORY),
    // It leaves probes and a folder for sockets there.
    CLAUDE_CODE_TMPDIR: temporary,
  };
}

export function claudeArguments({ places, settings, options, supported: known }: CliCall<ClaudeSettings>): string[] {
  return [
    "--print",
    ...["--output-format", "json"],
    ...["--json-schema", JSON.stringify(answerJsonSchema())],
    "--no-session-persistence",
    "--strict-mcp-config",
    ...["--mcp-config", '{"mcpServers":{}}'],
    ...["--tools", ""],
    ...["--setting-sources", ""],
    ...["--settings", join(places.folder, SETTINGS)],
    ...["--system-prompt", SYSTEM_PROMPT],
    ...leastOf(settings, known),
    ...(options.model === null ? [] : [`--model=${options.model}`]),
  ];
}

/** `--bare` is the least there is, but never looks for a login; `--safe-mode` tells the model the working folder. */
function leastOf({ hasKey }: ClaudeSettings, known: ReadonlySet<string>): string[] {
  if (hasKey && known.has("--bare")) return ["--bare"];
  return known.has("--safe-mode") ? ["--safe-mode"] : [];
}

export function isMac({ platform = process.platform }: EvaluatorOptions): boolean {
  return platform === "darwin";
}

/**
 * The keychain's item is named after the configuration folder. Naming the user's own one as the place of credentials
 * lets Claude Code read and refresh the login where it is; nothing is copied.
 */
function keychainOf({ env }: EvaluatorOptions): Record<string, string> {
  const folder = env.CLAUDE_SECURESTORAGE_CONFIG_DIR ?? env.CLAUDE_CONFIG_DIR ?? "";
  return { CLAUDE_SECURESTORAGE_CONFIG_DIR: folder, ...(env.USER !== undefined && { USER: env.USER }) };
}
