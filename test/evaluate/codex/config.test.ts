import { describe, expect, test } from "bun:test";
import { parse } from "smol-toml";
import { providerSettings } from "../../../src/evaluate/codex/config.ts";

const user = `
model = "gpt-5.5"
model_provider = "corp"
model_reasoning_effort = "high"
approval_policy = "never"
sandbox_mode = "danger-full-access"
notify = ["say", "done"]
instructions = "be rude"
developer_instructions = "be rude"
model_instructions_file = "/home/dev/rude.md"
cli_auth_credentials_store = "auto"
web_search = "live"

[model_providers.corp]
name = "Corp"
base_url = "https://llm.corp.example/v1"
env_key = "CORP_KEY"
wire_api = "responses"
query_params = { api-version = "2026-01-01" }
env_http_headers = { "X-Team" = "CORP_TEAM" }
http_headers = { "X-App" = "codex" }

[model_providers.other]
name = "Other"
env_key = "OTHER_KEY"

[mcp_servers.files]
command = "npx"

[hooks]
stop = "touch /tmp/x"

[projects."/home/dev/shop"]
trust_level = "trusted"

[features]
shell_tool = true

[profiles.work]
model = "gpt-6-sol"
approval_policy = "on-request"
`;

test("only the settings of the model and its provider are kept", () => {
  const { toml, model, envNames } = providerSettings(user);
  const taken = parse(toml);
  const { model: _, model_provider, model_providers, model_reasoning_effort, ...own } = taken;
  expect({ model_provider, model_reasoning_effort }).toEqual({
    model_provider: "corp",
    model_reasoning_effort: "high",
  });
  expect(own).toEqual({ ...parse(providerSettings(null).toml) });
  expect(JSON.parse(JSON.stringify(taken.model_providers))).toEqual({
    corp: {
      name: "Corp",
      base_url: "https://llm.corp.example/v1",
      env_key: "CORP_KEY",
      wire_api: "responses",
      query_params: { "api-version": "2026-01-01" },
      env_http_headers: { "X-Team": "CORP_TEAM" },
      http_headers: { "X-App": "codex" },
    },
  });
  expect(taken).toMatchObject({
    web_search: "disabled",
    include_environment_context: false,
    analytics: { enabled: false },
    features: { shell_tool: false, hooks: false },
  });
  expect(model).toBe("gpt-5.5");
  expect(envNames).toEqual(["CORP_KEY", "CORP_TEAM"]);
});

test("a provider whose credentials are in the home folder needs it", () => {
  const needs = (provider: string) =>
    providerSettings(`model_provider = "corp"\n[model_providers.corp]\n${provider}`).needsHome;
  expect(needs('env_key = "CORP_KEY"')).toBe(false);
  expect(needs('auth = { command = "print-token" }')).toBe(true);
  expect(needs('aws = { profile = "work" }')).toBe(true);
  expect(providerSettings('model_provider = "amazon-bedrock"').needsHome).toBe(true);
});

test("the selected profile takes precedence", () => {
  expect(providerSettings(`profile = "work"\n${user}`).model).toBe("gpt-6-sol");
  expect(providerSettings(`profile = "nope"\n${user}`).model).toBe("gpt-5.5");
});

describe("login", () => {
  test("is always stored in a file, so that a refreshed one can be returned", () => {
    for (const store of ["file", "auto", "keyring", "ephemeral"]) {
      const { toml } = providerSettings(`cli_auth_credentials_store = "${store}"`);
      expect(parse(toml).cli_auth_credentials_store).toBe("file");
    }
  });

  test("is needed by OpenAI, and by providers that require it", () => {
    expect(providerSettings(null)).toMatchObject({ needsLogin: true, keyring: false, model: null });
    expect(providerSettings('openai_base_url = "http://proxy.example"')).toMatchObject({ needsLogin: false });
    expect(providerSettings(user)).toMatchObject({ needsLogin: false, keyring: true });
    const own = 'model_provider = "a"\n[model_providers.a]\nrequires_openai_auth = true';
    expect(providerSettings(own)).toMatchObject({ needsLogin: true });
  });

  test("may be replaced by a key in the environment for OpenAI only", () => {
    expect(providerSettings(null).envNames).toContain("OPENAI_API_KEY");
    expect(providerSettings(user).envNames).not.toContain("OPENAI_API_KEY");
  });
});

test("values of a wrong type are ignored, and invalid TOML is an error", () => {
  const odd = 'model = 5\nmodel_providers = "x"\nprofile = ["a"]\n[profiles]\n"" = 1';
  expect(providerSettings(odd)).toMatchObject({ model: null });
  expect(() => providerSettings("model = ")).toThrow("codex's `config.toml` is not valid TOML");
});
