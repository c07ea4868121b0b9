// The evaluator that runs the user's Claude Code: `claude --print`.
import { join, resolve } from "node:path";
import { agentOf } from "../../agents/registry.ts";
import { answerJsonSchema } from "../description.ts";
import type { CliEvaluator, EvaluatorOptions } from "../evaluator.ts";
import { claudeReply } from "./output.ts";
import { type ClaudeSettings, claudeSettings } from "./settings.ts";

/** Paths in the private folder. */
const CONFIG_DIRECTORY = join("home", ".claude");
const SETTINGS = "settings.json";
const CREDENTIALS = ".credentials.json";

/** Replaces the default system prompt, which states the working folder and the operating system. */
const SYSTEM_PROMPT = "You summarize one run of a coding agent, as the user's message asks.";

/** They allow no request but those to the provider, no retries, and no reading of files that the prompt mentions. */
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

export const claude: CliEvaluator<ClaudeSettings> = {
  name: "claude",
  hints: {
    auth: "run `claude` and log in, or check the key of your model provider",
    not_found: "install claude, or choose another evaluator",
  },
  helpArguments: ["--help"],
  required:
    "--json-schema --tools --setting-sources --settings --system-prompt --no-session-persistence --strict-mcp-config --mcp-config".split(
      " ",
    ),
  optional: ["--bare", "--safe-mode"],
  async settings(options) {
    const settings = await claudeSettings(options);
    // The keychain is found through the home folder.
    return isMac(options) && !settings.hasKey ? { ...settings, needsHome: true } : settings;
  },
  login: (options, { hasKey }) =>
    hasKey || isMac(options)
      ? null
      : { path: join(credentialsFolder(options), CREDENTIALS), copy: join(CONFIG_DIRECTORY, CREDENTIALS) },
  files: ({ settings, config }) => ({ [SETTINGS]: settings, [join(CONFIG_DIRECTORY, ".claude.json")]: config }),
  // Without a login, Claude Code says so itself.
  preflight: () => null,
  // Not `CLAUDE_CODE_SESSION_ID` and the like: they would link the evaluation to a session.
  environment: ({ folder, temporary }, { variables }, options) => ({
    ...variables,
    ...RESTRICTIONS,
    ...(isMac(options) && keychainVariables(options)),
    CLAUDE_CONFIG_DIR: join(folder, CONFIG_DIRECTORY),
    // Claude Code leaves probe files and a folder for sockets there.
    CLAUDE_CODE_TMPDIR: temporary,
  }),
  arguments: ({ paths, settings, options: { model }, supported }) => [
    "--print",
    "--output-format",
    "json",
    "--json-schema",
    JSON.stringify(answerJsonSchema()),
    "--no-session-persistence",
    "--strict-mcp-config",
    "--mcp-config",
    '{"mcpServers":{}}',
    "--tools",
    "",
    "--setting-sources",
    "",
    "--settings",
    join(paths.folder, SETTINGS),
    "--system-prompt",
    SYSTEM_PROMPT,
    ...mostRestrictedMode(settings, supported),
    ...(model === null ? [] : [`--model=${model}`]),
  ],
  reply: async (result) => claudeReply(result),
};

/** `--bare` sends the least, but never uses a login; `--safe-mode` tells the model the working folder. */
function mostRestrictedMode({ hasKey }: ClaudeSettings, supported: ReadonlySet<string>): string[] {
  if (hasKey && supported.has("--bare")) return ["--bare"];
  return supported.has("--safe-mode") ? ["--safe-mode"] : [];
}

function isMac({ platform = process.platform }: EvaluatorOptions): boolean {
  return platform === "darwin";
}

/**
 * The keychain item is named after the configuration folder. With the user's own folder as the place of credentials,
 * Claude Code reads and refreshes the login in the keychain; nothing is copied.
 */
function keychainVariables({ env }: EvaluatorOptions): Record<string, string> {
  const folder = env.CLAUDE_SECURESTORAGE_CONFIG_DIR ?? env.CLAUDE_CONFIG_DIR ?? "";
  return { CLAUDE_SECURESTORAGE_CONFIG_DIR: folder, ...(env.USER !== undefined && { USER: env.USER }) };
}

/**
 * The folder of the user's login. An empty `CLAUDE_SECURESTORAGE_CONFIG_DIR` means `~/.claude`. Absolute, because
 * another process, with another working folder, may have to return the login.
 */
function credentialsFolder({ env, home }: EvaluatorOptions): string {
  const folder = env.CLAUDE_SECURESTORAGE_CONFIG_DIR;
  return resolve(folder === undefined ? agentOf("claude").homeOf(env, home) : folder || join(home, ".claude"));
}
