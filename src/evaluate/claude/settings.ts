// The Claude Code settings of the user that an evaluation keeps: the model, its provider, and how to reach it. Never
// hooks, MCP servers, plugins, permissions, memory or instructions.
import { join } from "node:path";
import { agentOf } from "../../agents/registry.ts";
import { ExpectedError } from "../../system/errors.ts";
import { parseJsonObject } from "../../system/json.ts";
import { pickVariables } from "../environment.ts";
import type { EvaluatorOptions } from "../evaluator.ts";
import { readUserFile } from "../user-file.ts";

/** Kept from `settings.json`. The commands that print credentials are the user's own. */
const KEPT = [
  "model",
  "modelOverrides",
  "effortLevel",
  "apiKeyHelper",
  "awsAuthRefresh",
  "awsCredentialExport",
  "gcpAuthRefresh",
] as const;

/** The variables that select, reach and authenticate with a provider. Not `ANTHROPIC_LOG`: it prints requests. */
const PROVIDER =
  /^(?:ANTHROPIC_(?!LOG$).+|CLAUDE_CODE_(?:OAUTH_TOKEN|USE_[A-Z]+|SKIP_[A-Z_]+_AUTH|CLIENT_(?:CERT|KEY|KEY_PASSPHRASE)|API_KEY_HELPER_TTL_MS|EFFORT_LEVEL|MAX_OUTPUT_TOKENS|DISABLE_EXPERIMENTAL_BETAS)|MAX_THINKING_TOKENS|DISABLE_PROMPT_CACHING(?:_[A-Z]+)?)$/;
/** The variables of cloud providers: credentials, profiles and regions. */
const CLOUD = /^(?:AWS_|GOOGLE_|GCLOUD_|CLOUDSDK_|CLOUD_ML_REGION$|VERTEX_REGION_|AZURE_)/;
const USES_CLOUD = /^CLAUDE_CODE_USE_/;

/** `.claude.json` was much larger when it held the history of prompts. */
const MAX_CONFIG_BYTES = 64 * 1024 * 1024;

export interface ClaudeSettings {
  model: string | null;
  needsHome: boolean;
  /** The text of the isolated `settings.json`. */
  settings: string;
  /** The text of the isolated `.claude.json`. */
  config: string;
  /** From the environment and from the user's settings, which take precedence. */
  variables: Record<string, string>;
  /** The provider takes a key or cloud credentials: no login is needed. */
  hasKey: boolean;
}

export async function claudeSettings(options: EvaluatorOptions): Promise<ClaudeSettings> {
  const { env, home } = options;
  const settings = parse(await readUserFile(join(agentOf("claude").homeOf(env, home), "settings.json")));
  const variables = providerVariables({ ...env, ...texts(settings.env) });
  const usesCloud = Object.entries(variables).some(([name, value]) => USES_CLOUD.test(name) && isOn(value));
  const kept = Object.fromEntries(KEPT.flatMap((name) => (name in settings ? [[name, settings[name]]] : [])));
  const hasHelper = typeof settings.apiKeyHelper === "string";
  const hasKey = Boolean(variables.ANTHROPIC_API_KEY || variables.ANTHROPIC_AUTH_TOKEN) || hasHelper || usesCloud;
  return {
    model: typeof settings.model === "string" ? settings.model : null,
    needsHome: hasHelper || usesCloud,
    settings: JSON.stringify({ ...kept, disableAllHooks: true }),
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

/** The API key that a login through the console stores in `.claude.json`. */
async function storedKey({ env, home }: EvaluatorOptions): Promise<{ primaryApiKey?: string }> {
  const path = join(env.CLAUDE_CONFIG_DIR || home, ".claude.json");
  const { primaryApiKey } = parseJsonObject((await readUserFile(path, MAX_CONFIG_BYTES)) ?? "") ?? {};
  return typeof primaryApiKey === "string" ? { primaryApiKey } : {};
}

function parse(text: string | null): Record<string, unknown> {
  const settings = parseJsonObject(text ?? "{}");
  if (settings !== null) return settings;
  throw new ExpectedError("claude's `settings.json` is not a JSON object", { hint: "run `claude doctor` to see why" });
}

function texts(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function isOn(value: string): boolean {
  return !["", "0", "false", "no", "off"].includes(value.trim().toLowerCase());
}
