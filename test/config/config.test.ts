import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TOOLS } from "../../src/agents/registry.ts";
import { commandSetting, commandVariable } from "../../src/agents/tool.ts";
import { type ConfigQuery, loadConfig } from "../../src/config/config.ts";
import { EVALUATOR_NAMES } from "../../src/evaluate/registry.ts";

let dir: string;
let query: ConfigQuery;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "ctx-config-"));
  query = { root: join(dir, "repo"), home: join(dir, "home"), env: {}, platform: "linux" };
  mkdirSync(query.root);
  mkdirSync(join(query.home, ".config/ai-code-sessions"), { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true }));

const writeRepo = (text: string, name = ".ai-code-sessions.toml") => writeFileSync(join(query.root, name), text);
const writeUser = (text: string) => writeFileSync(join(query.home, ".config/ai-code-sessions/config.toml"), text);
const load = (change: Partial<ConfigQuery> = {}) => loadConfig({ ...query, ...change });

describe("loadConfig", () => {
  test("every setting is null by default", () => {
    const { config, warnings, files } = load();
    expect(Object.values(config)).toEqual(Array(8 + TOOLS.length).fill(null));
    expect([warnings, files]).toEqual([[], []]);
  });

  test("flags override the environment, the repository and the user, and each value has its source", () => {
    writeUser('[changelog]\nactor = "user"\n');
    expect(load().config.actor).toEqual({
      value: "user",
      from: "`changelog.actor` in `~/.config/ai-code-sessions/config.toml:2`",
    });
    writeRepo('\nactor = "repo"\n');
    expect(load().config.actor).toEqual({ value: "repo", from: "`actor` in `.ai-code-sessions.toml:2`" });
    const env = { CTX_ACTOR: "env", CHANGELOG_ACTOR: "second" };
    expect(load({ env }).config.actor).toEqual({ value: "env", from: "`CTX_ACTOR`" });
    expect(load({ env: { ...env, CTX_ACTOR: "" } }).config.actor?.value).toBe("second");
    expect(load({ env, flags: { actor: "flag" } }).config.actor).toEqual({ value: "flag", from: "the command line" });
    expect(load({ env, flags: { actor: undefined } }).config.actor?.value).toBe("env");
  });

  test("every setting with a single value can be set by a variable", () => {
    const env = {
      CTX_CHANGELOG: "yes",
      CTX_CHANGELOG_EVALUATOR: "builtin",
      CTX_CHANGELOG_MODEL: "gpt-6",
      CTX_CHANGELOG_BACKGROUND: "1",
      CTX_TZ: "UTC",
      ...Object.fromEntries(TOOLS.map((tool) => [commandVariable(tool), `/opt/${tool}`])),
    };
    const { config } = load({ env });
    expect(Object.entries(config).map(([key, setting]) => [key, setting?.value])).toEqual([
      ["actor", undefined],
      ["changelog", true],
      ["evaluator", "builtin"],
      ["background", true],
      ["model", "gpt-6"],
      ["tz", "UTC"],
      ...TOOLS.map((tool) => [commandSetting(tool), `/opt/${tool}`]),
      ["secretsAllow", undefined],
      ["secretsRules", undefined],
    ]);
  });

  test("the user's file may hold every key, in tables or at the top", () => {
    const commands = TOOLS.map((tool) => `${commandSetting(tool)} = "${tool}"\n`).join("");
    const flat = `actor = "a"\nchangelog = true\nevaluator = "claude"\nbackground = true\nmodel = "m"\ntz = "UTC"\n${commands}`;
    const tables = `[ctx]\ntz = "UTC"\n${commands}[changelog]\nenabled = true\nactor = "a"\nevaluator = "claude"\nbackground = true\nmodel = "m"\n`;
    for (const text of [flat, tables]) {
      writeUser(text);
      const { config, warnings } = load();
      expect(warnings).toEqual([]);
      expect(Object.values(config).map((setting) => setting?.value)).toEqual([
        "a",
        true,
        "claude",
        true,
        "m",
        "UTC",
        ...TOOLS,
        undefined,
        undefined,
      ]);
    }
  });

  test("a blank value counts as not set", () => {
    writeUser('model = "fallback"\n');
    writeRepo('actor = ""\n');
    expect(load({ env: { CTX_CHANGELOG_MODEL: "  " } }).config).toMatchObject({
      actor: null,
      model: { value: "fallback" },
    });
  });

  test("a repository may not set commands, evaluators or models", () => {
    writeRepo(
      '[changelog]\nenabled = true\nactor = "team"\nevaluator = "claude"\nmodel = "x"\n[ctx]\ntz = "UTC"\ncodex_cmd = "./pwn"\nclaude_cmd = "./pwn"\n',
    );
    const { config, warnings } = load();
    expect(config).toMatchObject({
      actor: { value: "team" },
      changelog: { value: true },
      tz: { value: "UTC" },
      evaluator: null,
      model: null,
      codex_cmd: null,
      claude_cmd: null,
    });
    expect(warnings).toEqual([
      "ignored `changelog.evaluator` in `.ai-code-sessions.toml:4`: only your own configuration may set it",
      "ignored `changelog.model` in `.ai-code-sessions.toml:5`: only your own configuration may set it",
      "ignored `ctx.codex_cmd` in `.ai-code-sessions.toml:8`: only your own configuration may set it",
      "ignored `ctx.claude_cmd` in `.ai-code-sessions.toml:9`: only your own configuration may set it",
    ]);
  });

  test("warns about an unknown key, without control characters", () => {
    writeRepo('colour = 1\n"\\u001b[31mred" = 2\n[evaluator]\nbase_url = "http://example.com"\n');
    expect(load().warnings).toEqual([
      "ignored `colour` in `.ai-code-sessions.toml:1`: unknown setting",
      "ignored `??31mred` in `.ai-code-sessions.toml`: unknown setting",
      "ignored `evaluator.base_url` in `.ai-code-sessions.toml:4`: unknown setting",
    ]);
  });

  test("reads the second file name if the first does not exist", () => {
    writeRepo('actor = "short"\n', ".ais.toml");
    expect(load().config.actor?.value).toBe("short");
    writeRepo('actor = "long"\n');
    expect(load()).toMatchObject({
      config: { actor: { value: "long" } },
      files: [join(query.root, ".ai-code-sessions.toml")],
    });
  });

  test("ignores a repository's file that links out of the repository", () => {
    writeFileSync(join(dir, "outside.toml"), 'actor = "outside"\n');
    symlinkSync("../outside.toml", join(query.root, ".ai-code-sessions.toml"));
    const { config, warnings } = load();
    expect(config.actor).toBeNull();
    expect(warnings).toEqual(["ignored `.ai-code-sessions.toml`: it links to a file outside the repository"]);
  });

  test("errors name the file and the line, without quoting it", () => {
    writeRepo('actor = "a"\n\n[changelog\nsecret\n');
    expect(() => load()).toThrow(/^`\.ai-code-sessions\.toml:3` is not valid TOML: [^\n]+$/);
    writeRepo('[changelog]\n# on\nenabled = "yes"\n');
    expect(() => load()).toThrow(/^`changelog\.enabled` in `\.ai-code-sessions\.toml:3`: .*boolean/);
    rmSync(join(query.root, ".ai-code-sessions.toml"));
    writeUser('evaluator = "gpt"\n');
    expect(() => load()).toThrow("`evaluator` in `~/.config/ai-code-sessions/config.toml:1`: ");
    writeUser("model = 4\n");
    expect(() => load()).toThrow("`model` in `~/.config/ai-code-sessions/config.toml:1`: ");
  });

  test("an error names a variable with an invalid value", () => {
    expect(() => load({ env: { CTX_CHANGELOG: "maybe" } })).toThrow('`CTX_CHANGELOG` is "maybe": expected 1 or 0');
    expect(() => load({ env: { CTX_CHANGELOG_EVALUATOR: "gpt" } })).toThrow(`expected ${EVALUATOR_NAMES.join(", ")}`);
    expect(load({ env: { AI_CODE_SESSIONS_CHANGELOG: "0" } }).config.changelog?.value).toBe(false);
  });

  test("the user's file is in the platform's folder, or where the variable says", () => {
    const mac = join(query.home, "Library/Application Support/ai-code-sessions");
    mkdirSync(mac, { recursive: true });
    writeFileSync(join(mac, "config.toml"), 'actor = "mac"\n');
    expect(load({ platform: "darwin" }).config.actor?.value).toBe("mac");
    const env = { AI_CODE_SESSIONS_CONFIG: join(mac, "config.toml") };
    expect(load({ env }).config.actor?.value).toBe("mac");
  });

  test("rejects a file that is too large, and a directory", () => {
    writeRepo(`# ${"x".repeat(70_000)}\n`);
    expect(() => load()).toThrow("too large");
    rmSync(join(query.root, ".ai-code-sessions.toml"));
    mkdirSync(join(query.root, ".ai-code-sessions.toml"));
    expect(() => load()).toThrow("not a file");
  });
});
