// The Codex settings of the user that an evaluation keeps: the model, its provider, and how to reach it. Never MCP
// servers, hooks, notifications, instructions, projects, approvals or sandbox settings.
import { parse, stringify, type TomlTable, type TomlValue } from "smol-toml";
import { ExpectedError } from "../../system/errors.ts";

const KEPT = [
  "model",
  "model_provider",
  "model_reasoning_effort",
  "model_reasoning_summary",
  "model_verbosity",
  "model_context_window",
  "model_max_output_tokens",
  "model_supports_reasoning_summaries",
  "model_catalog_json",
  "service_tier",
  "chatgpt_base_url",
  "openai_base_url",
  "oss_provider",
  "preferred_auth_method",
  "forced_login_method",
  "forced_chatgpt_workspace_id",
  "disable_response_storage",
] as const;

/** `shell_snapshot` would run the user's login shell, `hooks` and `plugins` whatever is installed. */
const DISABLED_FEATURES = [
  "shell_tool",
  "unified_exec",
  "shell_snapshot",
  "view_image",
  "image_generation",
  "skill_search",
  "apps",
  "plugins",
  "hooks",
  "memories",
  "goals",
  "multi_agent",
  "daemon_auto_start",
];

/**
 * What is switched off, whatever the default of Codex. Every version tried ignores unknown names in `features`.
 */
const RESTRICTIONS: TomlTable = {
  // No instruction files, neither of the working folder nor of a folder above it.
  project_doc_max_bytes: 0,
  project_root_markers: [],
  // This context would state the path of the working folder.
  include_environment_context: false,
  web_search: "disabled",
  tools: { view_image: false },
  features: Object.fromEntries(DISABLED_FEATURES.map((name) => [name, false])),
  // The user's own skills are in `~/.agents`, outside of CODEX_HOME. Codex 0.101 lists its bundled ones regardless.
  skills: { include_instructions: false, bundled: { enabled: false } },
  // Requests to hosts other than the provider.
  analytics: { enabled: false },
  feedback: { enabled: false },
  check_for_update_on_startup: false,
  history: { persistence: "none" },
};

export interface ProviderSettings {
  /** The text of the isolated `config.toml`. */
  toml: string;
  model: string | null;
  /** The environment variables with the provider's key and headers. */
  envNames: string[];
  /** The provider takes the login of Codex instead of a key of its own. */
  needsLogin: boolean;
  /** The login may be in the system keyring, under the path of the user's CODEX_HOME. */
  keyring: boolean;
  /** The provider's credentials come from the home folder: from a program that prints them, or an AWS profile. */
  needsHome: boolean;
}

/** Reads the user's `config.toml`; null if there is none. The settings of the selected profile take precedence. */
export function providerSettings(configToml: string | null): ProviderSettings {
  const user = configToml === null ? {} : parseConfig(configToml);
  const settings = { ...user, ...table(table(user.profiles)[text(user.profile) ?? ""]) };
  const kept: TomlTable = {};
  for (const name of KEPT) {
    const value = settings[name];
    if (value !== undefined) kept[name] = value;
  }
  const id = text(settings.model_provider) ?? "openai";
  const provider = table(table(settings.model_providers)[id]);
  if (Object.keys(provider).length > 0) kept.model_providers = { [id]: provider };
  const store = text(settings.cli_auth_credentials_store) ?? "file";
  return {
    // A refreshed login must go to the file that is returned to the user, not to a keyring item for a removed folder.
    toml: stringify({ ...kept, cli_auth_credentials_store: "file", ...RESTRICTIONS }),
    model: text(settings.model),
    envNames: id === "openai" ? OPENAI_VARIABLES.concat(variablesOf(provider)) : variablesOf(provider),
    needsLogin: id === "openai" ? settings.openai_base_url === undefined : provider.requires_openai_auth === true,
    keyring: store !== "file",
    needsHome: id === "amazon-bedrock" || provider.auth !== undefined || provider.aws !== undefined,
  };
}

const OPENAI_VARIABLES = [
  "OPENAI_API_KEY",
  "CODEX_API_KEY",
  "OPENAI_BASE_URL",
  "OPENAI_ORGANIZATION",
  "OPENAI_PROJECT",
];

function variablesOf(provider: TomlTable): string[] {
  const headers = Object.values(table(provider.env_http_headers));
  return [provider.env_key, ...headers].filter((name) => typeof name === "string");
}

function parseConfig(configToml: string): TomlTable {
  try {
    return parse(configToml);
  } catch (cause) {
    throw new ExpectedError("codex's `config.toml` is not valid TOML", { hint: "run `codex` to see where", cause });
  }
}

function table(value: TomlValue | undefined): TomlTable {
  return isTable(value) ? value : {};
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  if (typeof value !== "object") return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function text(value: TomlValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
