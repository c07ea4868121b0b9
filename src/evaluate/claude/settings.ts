// Which of the user's Claude Code settings an evaluation takes over: those that say which model is reached, where and
// how. Never hooks, MCP servers, plugins, permissions, memory or instructions.
import { join } from "node:path";
import { claudeHome } from "../../agents/claude/paths.ts";
import { ExpectedError } from "../../system/errors.ts";
import { parseJsonObject } from "../../system/json.ts";
import { pickVariables } from "../environment.ts";
import type { EvaluatorOptions } from "../options.ts";
import { readUserFile } from "../small-file.ts";

/** What of `settings.json` is taken; programs that print credentials are the user's own. */
const TAKEN = [
  "model",
  "modelOverrides",
  "effortLevel",
  "apiKeyHelper",
  "awsAuthRefresh",
  "awsCredentialExport",
  "gcpAuthRefresh",
] as const;

/** The variables that reach a model. `ANTHROPIC_LOG` would have requests printed. */
const PROVIDER =
  /^(?:ANTHROPIC_(?!LOG$).+|CLAUDE_CODE_(?:OAUTH_TOKEN|USE_[A-Z]+|SKIP_[A-Z_]+_AUTH|CLIENT_(?:CERT|KEY|KEY_PASSPHRASE)|API_KEY_HELPER_TTL_MS|EFFORT_LEVEL|MAX_OUTPUT_TOKENS|DISABLE_EXPERIMENTAL_BETAS)|MAX_THINKING_TOKENS|DISABLE_PROMPT_CACHING(?:_[A-Z]+)?)$/;
/** Those that a cloud takes its own credentials and places from. */
const CLOUD = /^(?:AWS_|GOOGLE_|GCLOUD_|CLOUDSDK_|CLOUD_ML_REGION$|VERTEX_REGION_|AZURE_)/;
const USES_CLOUD = /^CLAUDE_CODE_USE_/;

/** It was much larger once, when it held the history of prompts. */
const LARGEST_CONFIG = 64 * 1024 * 1024;

export interface ClaudeSettings {
  model: string | null;
  needsHome: boolean;
  /** The text of a `settings.json` of its own. */
  settings: string;
  /** The text of a `.claude.json` of its own. */
  config: string;
  /** Variables of the environment and of the settings, which come first. */
  variables: Record<string, string>;
  /** The model is reached with a key or a cloud's credentials: the login is not needed. */
  hasKey: boolean;
}

export async function claudeSettings(options: EvaluatorOptions): Promise<ClaudeSettings> {
  const { env, home } = options;
  const settings = parse(await readUserFile(join(claudeHome(env, home), "settings.json")));
  const variables = providerVariables({ ...env, ...texts(settings.env) });
  const usesCloud = Object.entries(variables).some(([name, value]) => USES_CLOUD.test(name) && isOn(value));
  const taken = Object.fromEntries(TAKEN.flatMap((name) => (name in settings ? [[name, settings[name]]] : [])));
  const hasHelper = typeof settings.apiKeyHelper === "string";
  const hasKey = Boolean(variables.ANTHROPIC_API_KEY || variables.ANTHROPIC_AUTH_TOKEN) || hasHelper || usesCloud;
  return {
    model: typeof settings.model === "string" ? settings.model : null,
    needsHome: hasHelper || usesCloud,
    settings: JSON.stringify({ ...taken, disableAllHooks: true }),
    config: JSON.stringify({ hasCompletedOnboarding: true, ...(await storedKey(options)) }),
    variables,
    hasKey,
  };
}

function providerVariables(env: Record<string, string | undefined>): Record<string, string> {
  const provider = pickVariables(env, (name) => PROVIDER.test(name));
  const usesCloud = Object.keys(provider).some((name) => USES_CLOUD.test(name));
  return usesCloud ? { ...provider, ...pickVariables(env, (name) => CLOUD.test(name)) } : provider;
}

/** The key that a login at the console leaves beside everything else Claude Code remembers. */
async function storedKey({ env, home }: EvaluatorOptions): Promise<{ primaryApiKey?: string }> {
  const path = join(env.CLAUDE_CONFIG_DIR || home, ".claude.json");
  const { primaryApiKey } = parseJsonObject((await readUserFile(path, LARGEST_CONFIG)) ?? "") ?? {};
  return typeof primaryApiKey === "string" ? { primaryApiKey } : {};
}

function parse(text: string | null): Record<string, unknown> {
  const settings = parseJsonObject(text ?? "{}");
  if (settings !== null) return settings;
  throw new ExpectedError("claude's own `settings.json` is no JSON object", { hint: "run `claude doctor` to see why" });
}

function texts(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function isOn(value: string): boolean {
  return !["", "0", "false", "no", "off"].includes(value.trim().toLowerCase());
}
