import { expect, test } from "bun:test";
import { codex } from "../../src/evaluate/codex/codex.ts";
import { providerSettings } from "../../src/evaluate/codex/config.ts";
import { evaluatorEnvironment } from "../../src/evaluate/environment.ts";
import type { EvaluatorOptions } from "../../src/evaluate/evaluator.ts";
import type { Environment } from "../../src/system/paths.ts";

const places = { folder: "/own", home: "/own/home", temporary: "/tmp/ctx-1", work: "/tmp/ctx-1/work" };

const PASSED = {
  PATH: "/bin",
  HOME: "/home/dev",
  TMPDIR: "/tmp",
  TZ: "UTC",
  LANG: "C.UTF-8",
  LC_TIME: "C",
  https_proxy: "http://proxy:1",
  NO_PROXY: "localhost",
  SSL_CERT_FILE: "/etc/ca.pem",
};
const WITHHELD = {
  CODEX_THREAD_ID: "1",
  CODEX_SANDBOX: "seatbelt",
  CODEX_HOME: "/home/dev/.codex",
  CLAUDECODE: "1",
  CLAUDE_CODE_SESSION_ID: "1",
  CLAUDE_CONFIG_DIR: "/home/dev/.claude",
  AWS_SECRET_ACCESS_KEY: "x",
  GITHUB_TOKEN: "x",
  BASH_ENV: "/tmp/x",
  NODE_OPTIONS: "--require /tmp/x",
  LD_PRELOAD: "/tmp/x",
  UNSET: undefined,
};
const ISOLATION = {
  GIT_CEILING_DIRECTORIES: "/tmp/ctx-1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  NO_COLOR: "1",
};

function optionsOf(env: Environment): EvaluatorOptions {
  return { command: "x", model: null, timeoutMs: 1, env, home: "/home/dev" };
}

test("only the variables that every tool needs and those of the evaluator are passed on", () => {
  const own = { ITS_HOME: "/own/home/.its" };
  expect(evaluatorEnvironment({ ...PASSED, ...WITHHELD }, places, { own, isolateHome: false })).toEqual({
    ...PASSED,
    ...ISOLATION,
    ...own,
  });
});

test("Codex gets the variables that its provider names", () => {
  const config = 'model_provider = "corp"\n[model_providers.corp]\nenv_key = "CORP_KEY"\n';
  const env = { CORP_KEY: "k", CODEX_CA_CERTIFICATE: "/etc/ca.pem", OPENAI_API_KEY: "x", ...PASSED, ...WITHHELD };
  expect(codex.environment(places, providerSettings(config), optionsOf(env))).toEqual({
    CORP_KEY: "k",
    CODEX_CA_CERTIFICATE: "/etc/ca.pem",
    CODEX_HOME: "/own/home/.codex",
  });
});

test("the isolated home replaces the user's, also a Windows profile", () => {
  const home = (env: Environment) => evaluatorEnvironment(env, places, { own: {}, isolateHome: true });
  expect(home({ HOME: "/home/dev" })).toMatchObject({ HOME: "/own/home" });
  expect(home({ HOME: "/home/dev" })).not.toHaveProperty("USERPROFILE");
  expect(home({ USERPROFILE: "C:\\dev" })).toMatchObject({ HOME: "/own/home", USERPROFILE: "/own/home" });
});
