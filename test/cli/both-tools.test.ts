// Sessions of both tools in one repository.
import { expect, test } from "bun:test";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Sandbox } from "./sandbox.ts";

const FIXTURES = resolve(import.meta.dir, "../fixtures");
/** Three sessions: Claude Code with subagents, Claude Code without, and Codex. */
const SESSIONS = [
  ["claude", "2.1.330-subagent", "projects", "6c4affe0-e5b6-4579-a23f-ab0af7047c11"],
  ["claude", "2.1.330-edits", "projects", "b9ef8e5b-96a7-4360-aa52-0c76fcd2d1ee"],
  ["codex", "0.169.0", "sessions", "01a201e4-cb84-7a11-a7c6-963cd916f631"],
] as const;

test("a backfill records the sessions of both tools once, and the archive lists them", async () => {
  await using sandbox = await Sandbox.create();
  await sandbox.run(["git", "init", "--quiet"]);
  for (const [tool, name, folder, id] of SESSIONS) {
    const home = sandbox.env[tool === "codex" ? "CODEX_HOME" : "CLAUDE_CONFIG_DIR"] ?? "";
    await mkdir(home, { recursive: true });
    await cp(join(FIXTURES, tool, name, folder), join(home, folder), { recursive: true });
    const exported = await sandbox.ctx(["export-latest", "--tool", tool, "--session-id", id, "--label", name]);
    expect(exported).toMatchObject({ status: 0 });
  }
  const backfill = ["changelog", "backfill", "--evaluator", "builtin", "--actor", "ada"];
  expect((await sandbox.ctx(backfill)).stderr).toContain("recorded  3\n");
  expect((await sandbox.ctx(backfill)).stderr).toStartWith("3 session directories: nothing to record\n");
  const rows = (await readFile(join(sandbox.work, ".changelog/ada/entries.jsonl"), "utf8")).trimEnd().split("\n");
  const entries = rows.map((row) => JSON.parse(row));
  expect(entries.map(({ tool, session_id, label }) => [tool, label, session_id])).toEqual(
    expect.arrayContaining(SESSIONS.map(([tool, name, , id]) => [tool, name, id])),
  );
  const delegated = entries.find(({ label }) => label === "2.1.330-subagent");
  expect(delegated.touched_files.created).toEqual(["sub.txt", "sub2.txt"]);

  const page = await readFile((await sandbox.ctx(["archive"])).stdout.trimEnd(), "utf8");
  for (const [tool, name] of SESSIONS) {
    expect(page).toContain(`_${name}/index.html">${name}</a>`);
    expect(page).toContain(tool === "codex" ? "Codex, " : "Claude Code, ");
  }
});
