import { expect, test } from "bun:test";
import { evaluatorEnvironment } from "../../../src/evaluate/codex/env.ts";

const places = { home: "/own/home", codexHome: "/own/home/.codex", work: "/own/work" };

test("only what a program needs and what the provider names is passed on", () => {
  const passed = {
    PATH: "/bin",
    HOME: "/home/dev",
    TMPDIR: "/tmp",
    TZ: "UTC",
    LANG: "C.UTF-8",
    LC_TIME: "C",
    https_proxy: "http://proxy:1",
    NO_PROXY: "localhost",
    SSL_CERT_FILE: "/etc/ca.pem",
    CORP_KEY: "k",
  };
  const withheld = {
    CODEX_THREAD_ID: "1",
    CODEX_SANDBOX: "seatbelt",
    CODEX_HOME: "/home/dev/.codex",
    AWS_SECRET_ACCESS_KEY: "x",
    GITHUB_TOKEN: "x",
    OPENAI_API_KEY: "x",
    BASH_ENV: "/tmp/x",
    NODE_OPTIONS: "--require /tmp/x",
    LD_PRELOAD: "/tmp/x",
    UNSET: undefined,
  };
  const settings = { providerVariables: ["CORP_KEY", "NOT_SET"], leavesHome: false };
  expect(evaluatorEnvironment({ ...passed, ...withheld }, places, settings)).toEqual({
    ...passed,
    CODEX_HOME: "/own/home/.codex",
    GIT_CEILING_DIRECTORIES: "/own",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    NO_COLOR: "1",
  });
});

test("a home of its own takes the place of the user's, also where that is a Windows profile", () => {
  const settings = { providerVariables: [], leavesHome: true };
  const home = (env: Record<string, string>) => evaluatorEnvironment(env, places, settings);
  expect(home({ HOME: "/home/dev" })).toMatchObject({ HOME: "/own/home" });
  expect(home({ HOME: "/home/dev" })).not.toHaveProperty("USERPROFILE");
  expect(home({ USERPROFILE: "C:\\dev" })).toMatchObject({ HOME: "/own/home", USERPROFILE: "/own/home" });
});
