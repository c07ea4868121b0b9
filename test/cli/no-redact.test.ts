// `--no-redact` and `--repo` of the commands that record runs: they affect the pages and nothing else.
import { expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { at, encode, event, meta } from "../agents/codex/rollout.ts";
import { Sandbox } from "./sandbox.ts";

const ID = "01a201e4-cb84-7a11-a7c6-000000000001";
const SECRET = `ghp_${"a1B2".repeat(9)}`;
const NAME = `rollout-2026-11-22T06-00-00-${ID}.jsonl`;
const KEPT = "secrets were not removed from the pages: do not share them";

/** A sandbox whose Codex writes a session with a secret when it runs. */
async function withCodex(): Promise<Sandbox> {
  const sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  await sandbox.run(["git", "remote", "add", "origin", "git@github.com:acme/cloned.git"]);
  const sessions = join(sandbox.env.CODEX_HOME ?? "", "sessions/2026/11/22");
  await mkdir(sessions, { recursive: true });
  const prompt = event("user_message", { message: `Use ${SECRET}` });
  const log = encode(meta(ID, { cwd: await realpath(sandbox.work) }), prompt).toString();
  const tool = join(sandbox.root, "tool");
  const dated = `${JSON.stringify(log)}.replaceAll(${JSON.stringify(at(0))}, new Date().toISOString())`;
  const script = `require("node:fs").writeFileSync(${JSON.stringify(join(sessions, NAME))}, ${dated});`;
  await writeFile(tool, `#!${process.execPath}\n${script}\n`);
  await chmod(tool, 0o755);
  Object.assign(sandbox.env, { CTX_CODEX_CMD: tool, CTX_CHANGELOG: "1", CTX_ACTOR: "ada" });
  Object.assign(sandbox.env, { CTX_CHANGELOG_EVALUATOR: "builtin" });
  return sandbox;
}

/** The pages of the only session directory. */
async function pagesOf({ work }: Sandbox): Promise<string> {
  const [name = ""] = (await readdir(join(work, ".codex/sessions"))).filter((each) => !each.startsWith("."));
  const folder = join(work, ".codex/sessions", name);
  const pages = (await readdir(folder)).filter((each) => each.endsWith(".html"));
  return (await Promise.all(pages.map((page) => readFile(join(folder, page), "utf8")))).join("");
}

const entriesOf = ({ work }: Sandbox) => readFile(join(work, ".changelog/ada/entries.jsonl"), "utf8");

test("a wrapped run keeps secrets in the pages only, and the next export removes them", async () => {
  await using sandbox = await withCodex();
  const { stderr } = await sandbox.ctx(["--no-redact", "--repo", "acme/shop", "Fix cart", "--codex", "exec", "x"]);
  expect(stderr).toContain(`warning: ${KEPT}\n`);
  expect(await pagesOf(sandbox)).toContain(SECRET);
  expect(await pagesOf(sandbox)).toContain('<a href="https://github.com/acme/shop"');
  expect(await entriesOf(sandbox)).not.toContain(SECRET);
  const files = ["--include=*.json", "--include=*.toml", "--include=export_runs.jsonl", "--include=failures.jsonl"];
  const found = await sandbox.run(["grep", "-rli", "redact", ...files, sandbox.root]);
  expect(found.stdout).toBe("");

  const again = await sandbox.ctx(["export-latest", "--tool", "codex"]);
  expect(again.stderr).not.toContain(KEPT);
  expect(await pagesOf(sandbox)).not.toContain(SECRET);
  expect(await pagesOf(sandbox)).toContain('<a href="https://github.com/acme/cloned"');
});

test("an export does the same, and a repository's configuration cannot turn it on", async () => {
  await using sandbox = await withCodex();
  const config = "[ctx]\nredact = false\nno_redact = true\nrepo = 'acme/evil'\n";
  await writeFile(join(sandbox.work, ".ai-code-sessions.toml"), config);
  await sandbox.ctx(["Fix cart", "--codex", "exec", "x"]);
  expect(await pagesOf(sandbox)).not.toContain(SECRET);
  expect(await pagesOf(sandbox)).not.toContain("acme/evil");
  const { stderr } = await sandbox.ctx(["export-latest", "--tool", "codex", "--no-redact"]);
  expect(stderr).toContain(`warning: ${KEPT}\n`);
  expect(await pagesOf(sandbox)).toContain(SECRET);
  expect(await entriesOf(sandbox)).not.toContain(SECRET);
});
