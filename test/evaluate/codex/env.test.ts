import { expect, test } from "bun:test";
import { evaluatorEnvironment } from "../../../src/evaluate/codex/env.ts";

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
  const own = { codexHome: "/own", providerVariables: ["CORP_KEY", "NOT_SET"] };
  expect(evaluatorEnvironment({ ...passed, ...withheld }, own)).toEqual({
    ...passed,
    CODEX_HOME: "/own",
    NO_COLOR: "1",
  });
});
