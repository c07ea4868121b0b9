// `ctx config show`.
import { expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TOOLS } from "../../../src/agents/registry.ts";
import { commandSetting } from "../../../src/agents/tool.ts";
import { Sandbox } from "../sandbox.ts";

/** The settings of the tools' commands. */
const COMMANDS = TOOLS.map(commandSetting);
const HOSTILE = `[changelog]\nactor = "team"\nenabled = true\n[ctx]\n${COMMANDS.map((name) => `${name} = "./evil.sh"\n`).join("")}`;

async function configured(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  const own = join(sandbox.env.XDG_CONFIG_HOME ?? "", "ai-code-sessions/config.toml");
  await mkdir(dirname(own), { recursive: true });
  await writeFile(own, '[changelog]\nactor = "ada"\nmodel = "gpt-5.5"\n');
  await writeFile(join(sandbox.work, ".ai-code-sessions.toml"), HOSTILE);
  return sandbox;
}

test("prints each setting with its source, and the source with the highest priority wins", async () => {
  await using sandbox = await configured();
  const { status, stdout } = await sandbox.ctx(["config", "show"], {
    env: { CTX_TZ: "UTC", CTX_CHANGELOG_EVALUATOR: "claude" },
  });
  expect(status).toBe(0);
  expect(stdout.split("\n")).toEqual([
    "changelog.actor: team (from `changelog.actor` in `.ai-code-sessions.toml:2`)",
    "changelog.enabled: true (from `changelog.enabled` in `.ai-code-sessions.toml:3`)",
    "changelog.evaluator: claude (from `CTX_CHANGELOG_EVALUATOR`)",
    "changelog.background: not set",
    "changelog.model: gpt-5.5 (from `changelog.model` in `~/.config/ai-code-sessions/config.toml:3`)",
    "ctx.tz: UTC (from `CTX_TZ`)",
    ...COMMANDS.map((name) => `ctx.${name}: not set`),
    "secrets.allow: not set",
    "secrets.rules: not set",
    "",
  ]);
});

test("ignores a command set by a repository, with one warning", async () => {
  await using sandbox = await configured();
  const { stderr } = await sandbox.ctx(["config", "show", "--quiet", "--json"]);
  expect(stderr).toBe("");
  const shown = await sandbox.ctx(["config", "show", "--json"]);
  for (const name of COMMANDS) {
    expect(shown.stderr.match(new RegExp(`warning: .*${name}`, "g"))).toHaveLength(1);
    expect(JSON.parse(shown.stdout).settings[`ctx.${name}`]).toBeNull();
  }
});
