// Which of the user's Codex settings an evaluation takes over: those that say which model is reached, where and how.
// Never MCP servers, hooks, notifications, instructions, projects, approvals or sandbox settings.
import { parse, stringify, type TomlTable, type TomlValue } from "smol-toml";
import { ExpectedError } from "../../system/errors.ts";

const TAKEN = [
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
const SWITCHED_OFF = [
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
 * What an evaluation may not do, whatever Codex allows by default: it needs no shell, no search, no plugins. Unknown
 * names in `features` are ignored by every version tried.
 */
const RESTRICTIONS: TomlTable = {
  // The working folder is below the user's home, which may be a repository with instructions of its own.
  project_doc_max_bytes: 0,
  project_root_markers: [],
  // It tells the model the path of that folder, and with it the user's name.
  include_environment_context: false,
  web_search: "disabled",
  tools: { view_image: false },
  features: Object.fromEntries(SWITCHED_OFF.map((name) => [name, false])),
  // The user's own skills live in `~/.agents`, outside of CODEX_HOME. Codex 0.101 lists them all the same.
  skills: { include_instructions: false, bundled: { enabled: false } },
  // Whom Codex calls besides the provider.
  analytics: { enabled: false },
  feedback: { enabled: false },
  check_for_update_on_startup: false,
  history: { persistence: "none" },
};

export interface ProviderSettings {
  /** The text of a `config.toml` of its own. */
  toml: string;
  model: string | null;
  /** Variables from which the provider takes its key and its headers. */
  envNames: string[];
  /** The provider is reached with codex's own login rather than with a key of its own. */
  needsLogin: boolean;
  /** The login may be in the system's keyring, under the path of the user's own CODEX_HOME. */
  keyring: boolean;
  /** The provider's credentials come from the user's home folder: a program that prints them, an AWS profile. */
  needsHome: boolean;
}

/** Reads the text of the user's `config.toml`; `profile` chooses a table of it that comes first. */
export function providerSettings(configToml: string | null): ProviderSettings {
  const user = configToml === null ? {} : parseConfig(configToml);
  const settings = { ...user, ...table(table(user.profiles)[text(user.profile) ?? ""]) };
  const taken: TomlTable = {};
  for (const name of TAKEN) {
    const value = settings[name];
    if (value !== undefined) taken[name] = value;
  }
  const id = text(settings.model_provider) ?? "openai";
  const provider = table(table(settings.model_providers)[id]);
  if (Object.keys(provider).length > 0) taken.model_providers = { [id]: provider };
  const store = text(settings.cli_auth_credentials_store) ?? "file";
  return {
    // A refreshed login must land in the file that is handed back, never in the keyring under a path that goes away.
    toml: stringify({ ...taken, cli_auth_credentials_store: "file", ...RESTRICTIONS }),
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
    throw new ExpectedError("codex's own `config.toml` is no valid TOML", { hint: "run `codex` to see where", cause });
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
